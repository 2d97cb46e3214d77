#include "operations/analytics/top_books.hpp"

#include "operations/analytics/detail/report_period.hpp"

namespace estante::analytics {

ExportedTable TopBooksView::table() const
{
    using enum ExportedTable::Kind;
    ExportedTable table{.columns = {{"rank", integer},
                                    {"category", text},
                                    {"book_id", text},
                                    {"title", text},
                                    {"items", integer},
                                    {"revenue", amount},
                                    {"currency", text}}};
    for (const BookSalesView& row : items)
        table.rows.push_back({row.rank, row.category, row.book_id, row.title, static_cast<std::int64_t>(row.items),
                              row.revenue.cents, currency.value});
    return table;
}

Task<Result<TopBooksView>> top_books(const Caller& caller, const TopBooks& request, TenantItems& items,
                                     Analytics& analytics, Clock& clock)
{
    const Ranking by = request.by.value;
    auto view = co_await ranked_report<TopBooksView>(
        request, items, clock,
        [&](const Period& period, std::size_t limit) {
            return analytics.top_books(caller.tenant, period, by == Ranking::category, limit);
        },
        [](const BookSales& book) {
            return BookSalesView{.rank = book.rank,
                                 .category = book.category,
                                 .book_id = book.book_id,
                                 .title = book.title,
                                 .items = book.items,
                                 .revenue = {book.revenue_cents}};
        });
    if (view)
        view->by = by;
    co_return view;
}

} // namespace estante::analytics

#include "operations/analytics/top_books.hpp"

namespace estante::analytics {

ExportedTable TopBooksView::table() const
{
    using enum ExportedTable::Kind;
    ExportedTable table{.columns = {{"rank", whole},
                                    {"category", text},
                                    {"book_id", text},
                                    {"title", text},
                                    {"items", whole},
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
    const auto period = asked_period(request.from, request.to, clock);
    if (!period)
        co_return std::unexpected(period.error());
    auto currency = co_await currency_of_shop(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    const auto books = co_await analytics.top_books(caller.tenant, *period, request.by.value == Ranking::category,
                                                    static_cast<std::size_t>(request.limit.value.value));
    if (!books)
        co_return std::unexpected(books.error());
    TopBooksView view{.from = CalendarDate::of(period->first),
                      .to = CalendarDate::of(period->last),
                      .by = request.by.value,
                      .currency = std::move(*currency)};
    for (const BookSales& book : *books)
        view.items.push_back({.rank = book.rank,
                              .category = book.category,
                              .book_id = book.book_id,
                              .title = book.title,
                              .items = book.items,
                              .revenue = {book.revenue_cents}});
    co_return view;
}

} // namespace estante::analytics

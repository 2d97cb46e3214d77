#include "operations/analytics/top_authors.hpp"

#include "operations/analytics/detail/report_period.hpp"

namespace estante::analytics {

ExportedTable TopAuthorsView::table() const
{
    using enum ExportedTable::Kind;
    ExportedTable table{.columns = {{"author", text}, {"items", integer}, {"revenue", amount}, {"currency", text}}};
    for (const AuthorSalesView& row : items)
        table.rows.push_back({row.author, static_cast<std::int64_t>(row.items), row.revenue.cents, currency.value});
    return table;
}

Task<Result<TopAuthorsView>> top_authors(const Caller& caller, const TopAuthors& request, TenantItems& items,
                                         Analytics& analytics, Clock& clock)
{
    co_return co_await ranked_report<TopAuthorsView>(
        request, items, clock,
        [&](const Period& period, std::size_t limit) { return analytics.authors(caller.tenant, period, limit); },
        [](const AuthorSales& author) {
            return AuthorSalesView{.author = author.author, .items = author.items, .revenue = {author.revenue_cents}};
        });
}

} // namespace estante::analytics

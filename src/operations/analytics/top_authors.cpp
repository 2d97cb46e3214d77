#include "operations/analytics/top_authors.hpp"

namespace estante::analytics {

ExportedTable TopAuthorsView::table() const
{
    using enum ExportedTable::Kind;
    ExportedTable table{.columns = {{"author", text}, {"items", whole}, {"revenue", amount}, {"currency", text}}};
    for (const AuthorSalesView& row : items)
        table.rows.push_back({row.author, static_cast<std::int64_t>(row.items), row.revenue.cents, currency.value});
    return table;
}

Task<Result<TopAuthorsView>> top_authors(const Caller& caller, const TopAuthors& request, TenantItems& items,
                                         Analytics& analytics, Clock& clock)
{
    const auto period = asked_period(request.from, request.to, clock);
    if (!period)
        co_return std::unexpected(period.error());
    auto currency = co_await currency_of_shop(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    const auto authors =
        co_await analytics.authors(caller.tenant, *period, static_cast<std::size_t>(request.limit.value.value));
    if (!authors)
        co_return std::unexpected(authors.error());
    TopAuthorsView view{.from = CalendarDate::of(period->first),
                        .to = CalendarDate::of(period->last),
                        .currency = std::move(*currency)};
    for (const AuthorSales& author : *authors)
        view.items.push_back({.author = author.author, .items = author.items, .revenue = {author.revenue_cents}});
    co_return view;
}

} // namespace estante::analytics

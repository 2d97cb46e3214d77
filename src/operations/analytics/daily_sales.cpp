#include "operations/analytics/daily_sales.hpp"

#include "operations/analytics/detail/report_period.hpp"
#include "operations/tenants/find_currency.hpp"

namespace estante::analytics {

ExportedTable DailySalesView::table() const
{
    using enum ExportedTable::Kind;
    ExportedTable table{
        .columns = {
            {"begin", timestamp}, {"purchases", integer}, {"items", integer}, {"revenue", amount}, {"currency", text}}};
    for (const SalesAtView& row : items)
        table.rows.push_back({row.begin.ms, static_cast<std::int64_t>(row.purchases),
                              static_cast<std::int64_t>(row.items), row.revenue.cents, currency.value});
    return table;
}

Task<Result<DailySalesView>> daily_sales(const Caller& caller, const DailySales& request, TenantItems& items,
                                         Analytics& analytics, Clock& clock)
{
    const auto period = report_period(request.from, request.to, clock, request.by.value);
    if (!period)
        co_return std::unexpected(period.error());
    auto currency = co_await tenants::find_currency(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    const auto series = co_await analytics.series(caller.tenant, *period, request.by.value);
    if (!series)
        co_return std::unexpected(series.error());
    DailySalesView view{.from = CalendarDate::of(period->first),
                        .to = CalendarDate::of(period->last),
                        .by = request.by.value,
                        .currency = std::move(*currency)};
    for (const SalesAt& row : *series)
        view.items.push_back({.begin = {row.begin_ms},
                              .purchases = row.sales.purchases,
                              .items = row.sales.items,
                              .revenue = {row.sales.revenue_cents}});
    co_return view;
}

} // namespace estante::analytics

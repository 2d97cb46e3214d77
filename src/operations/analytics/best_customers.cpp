#include "operations/analytics/best_customers.hpp"

namespace estante::analytics {

ExportedTable BestCustomersView::table() const
{
    using enum ExportedTable::Kind;
    ExportedTable table{
        .columns = {
            {"user_id", text}, {"purchases", whole}, {"items", whole}, {"revenue", amount}, {"currency", text}}};
    for (const CustomerSalesView& row : items)
        table.rows.push_back({row.user_id, static_cast<std::int64_t>(row.purchases),
                              static_cast<std::int64_t>(row.items), row.revenue.cents, currency.value});
    return table;
}

Task<Result<BestCustomersView>> best_customers(const Caller& caller, const BestCustomers& request, TenantItems& items,
                                               Analytics& analytics, Clock& clock)
{
    const auto period = asked_period(request.from, request.to, clock);
    if (!period)
        co_return std::unexpected(period.error());
    auto currency = co_await currency_of_shop(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    const auto customers =
        co_await analytics.best_customers(caller.tenant, *period, static_cast<std::size_t>(request.limit.value.value));
    if (!customers)
        co_return std::unexpected(customers.error());
    BestCustomersView view{.from = CalendarDate::of(period->first),
                           .to = CalendarDate::of(period->last),
                           .currency = std::move(*currency)};
    for (const CustomerSales& customer : *customers)
        view.items.push_back({.user_id = customer.user_id,
                              .purchases = customer.sales.purchases,
                              .items = customer.sales.items,
                              .revenue = {customer.sales.revenue_cents}});
    co_return view;
}

} // namespace estante::analytics

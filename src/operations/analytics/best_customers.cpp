#include "operations/analytics/best_customers.hpp"

#include "operations/analytics/detail/report_period.hpp"

namespace estante::analytics {

ExportedTable BestCustomersView::table() const
{
    using enum ExportedTable::Kind;
    ExportedTable table{
        .columns = {
            {"user_id", text}, {"purchases", integer}, {"items", integer}, {"revenue", amount}, {"currency", text}}};
    for (const CustomerSalesView& row : items)
        table.rows.push_back({row.user_id, static_cast<std::int64_t>(row.purchases),
                              static_cast<std::int64_t>(row.items), row.revenue.cents, currency.value});
    return table;
}

Task<Result<BestCustomersView>> best_customers(const Caller& caller, const BestCustomers& request, TenantItems& items,
                                               Analytics& analytics, Clock& clock)
{
    co_return co_await ranked_report<BestCustomersView>(
        request, items, clock,
        [&](const Period& period, std::size_t limit) { return analytics.best_customers(caller.tenant, period, limit); },
        [](const CustomerSales& customer) {
            return CustomerSalesView{.user_id = customer.user_id,
                                     .purchases = customer.sales.purchases,
                                     .items = customer.sales.items,
                                     .revenue = {customer.sales.revenue_cents}};
        });
}

} // namespace estante::analytics

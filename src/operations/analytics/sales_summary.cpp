#include "operations/analytics/sales_summary.hpp"

#include "operations/analytics/detail/report_period.hpp"
#include "operations/tenants/find_currency.hpp"

namespace estante::analytics {

namespace {

// Rounds half away from zero. `divisor` is positive.
std::int64_t rounded_quotient(std::int64_t number, std::int64_t divisor)
{
    return (number + (number < 0 ? -divisor : divisor) / 2) / divisor;
}

PeriodSales to_view(const Period& period, const Sales& sales)
{
    PeriodSales view{.from = CalendarDate::of(period.first),
                     .to = CalendarDate::of(period.last),
                     .purchases = sales.purchases,
                     .items = sales.items,
                     .revenue = {sales.revenue_cents}};
    if (sales.purchases > 0)
        view.average_order_value.value =
            Money{rounded_quotient(sales.revenue_cents, static_cast<std::int64_t>(sales.purchases))};
    return view;
}

SalesChange change_of(const Sales& now, const Sales& before)
{
    const auto difference = [](std::uint64_t left, std::uint64_t right) {
        return static_cast<std::int64_t>(left) - static_cast<std::int64_t>(right);
    };
    SalesChange change{.purchases = difference(now.purchases, before.purchases),
                       .items = difference(now.items, before.items),
                       .revenue = {now.revenue_cents - before.revenue_cents}};
    if (before.revenue_cents > 0)
        change.revenue_percent.value = rounded_quotient(change.revenue.cents * 100, before.revenue_cents);
    return change;
}

} // namespace

Task<Result<SalesSummaryView>> sales_summary(const Caller& caller, const SalesSummary& request, TenantItems& items,
                                             Analytics& analytics, Clock& clock)
{
    const auto period = report_period(request.from, request.to, clock);
    if (!period)
        co_return std::unexpected(period.error());
    const auto currency = co_await tenants::find_currency(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    const Period previous = period_before(*period);
    const auto now = co_await analytics.totals(caller.tenant, *period);
    if (!now)
        co_return std::unexpected(now.error());
    const auto earlier = co_await analytics.totals(caller.tenant, previous);
    if (!earlier)
        co_return std::unexpected(earlier.error());
    const auto kinds = co_await analytics.customer_kinds(caller.tenant, *period);
    if (!kinds)
        co_return std::unexpected(kinds.error());
    co_return SalesSummaryView{.currency = *currency,
                               .period = to_view(*period, *now),
                               .customers = {.new_customers = kinds->new_customers,
                                             .returning_customers = kinds->returning_customers,
                                             .new_revenue = {kinds->new_revenue_cents},
                                             .returning_revenue = {kinds->returning_revenue_cents}},
                               .before = to_view(previous, *earlier),
                               .change = change_of(*now, *earlier)};
}

} // namespace estante::analytics

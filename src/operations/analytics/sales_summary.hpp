#pragma once

#include "domain/caller.hpp"
#include "operations/analytics/report_options.hpp"
#include "ports/analytics.hpp"
#include "ports/clock.hpp"
#include "ports/tenant_items.hpp"

namespace estante::analytics {

struct SalesSummary {
    std::optional<CalendarDate> from{};
    std::optional<CalendarDate> to{};
};
BOOST_DESCRIBE_STRUCT(SalesSummary, (), (from, to))

struct PeriodSales {
    CalendarDate from{};
    CalendarDate to{};
    std::uint64_t purchases = 0;
    std::uint64_t items = 0; // copies
    Money revenue{};
    Nullable<Money> average_order_value{}; // null without sales
};
BOOST_DESCRIBE_STRUCT(PeriodSales, (), (from, to, purchases, items, revenue, average_order_value))

struct CustomerKindsView {
    std::uint64_t new_customers = 0;
    std::uint64_t returning_customers = 0;
    Money new_revenue{};
    Money returning_revenue{};
};
BOOST_DESCRIBE_STRUCT(CustomerKindsView, (), (new_customers, returning_customers, new_revenue, returning_revenue))

// This period minus the one before. Percent are rounded, and null if the period before had no revenue.
struct SalesChange {
    std::int64_t purchases = 0;
    std::int64_t items = 0;
    Money revenue{};
    Nullable<std::int64_t> revenue_percent{};
};
BOOST_DESCRIBE_STRUCT(SalesChange, (), (purchases, items, revenue, revenue_percent))

struct SalesSummaryView {
    Currency currency{};
    PeriodSales period{};
    CustomerKindsView customers{};
    PeriodSales before{};
    SalesChange change{};
};
BOOST_DESCRIBE_STRUCT(SalesSummaryView, (), (currency, period, customers, before, change))

// The sales of a period, to new and returning customers, compared with the same number of days right before it.
// Errors: invalid (the period), unavailable.
Task<Result<SalesSummaryView>> sales_summary(const Caller& caller, const SalesSummary& request, TenantItems& items,
                                             Analytics& analytics, Clock& clock);

} // namespace estante::analytics

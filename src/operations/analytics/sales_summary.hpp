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
    Nullable<Money> average_order_value{}; // null where nothing was sold
};
BOOST_DESCRIBE_STRUCT(PeriodSales, (), (from, to, purchases, items, revenue, average_order_value))

struct CustomerKindsView {
    std::uint64_t new_customers = 0;
    std::uint64_t returning_customers = 0;
    Money new_revenue{};
    Money returning_revenue{};
};
BOOST_DESCRIBE_STRUCT(CustomerKindsView, (), (new_customers, returning_customers, new_revenue, returning_revenue))

// This period less the one before; percent rounded to whole ones, null where the one before had none.
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

// What the shop sold in a period, to whom, and how that compares with as many days right before it.
// Errors: invalid (the period), unavailable.
Task<Result<SalesSummaryView>> sales_summary(const Caller& caller, const SalesSummary& request, TenantItems& items,
                                             Analytics& analytics, Clock& clock);

} // namespace estante::analytics

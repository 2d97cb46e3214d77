#pragma once

#include "domain/caller.hpp"
#include "operations/analytics/report_options.hpp"
#include "ports/analytics.hpp"
#include "ports/clock.hpp"
#include "ports/tenant_items.hpp"

namespace estante::analytics {

struct DailySales {
    std::optional<CalendarDate> from{};
    std::optional<CalendarDate> to{};
    Or<Granularity, Granularity::day> by{};
    std::optional<ListFormat> format{};
};
BOOST_DESCRIBE_STRUCT(DailySales, (), (from, to, by, format))

struct SalesAtView {
    Timestamp begin{}; // start of the hour, day or month
    std::uint64_t purchases = 0;
    std::uint64_t items = 0; // copies
    Money revenue{};
};
BOOST_DESCRIBE_STRUCT(SalesAtView, (), (begin, purchases, items, revenue))

struct DailySalesView {
    CalendarDate from{};
    CalendarDate to{};
    Granularity by = Granularity::day;
    Currency currency{};
    std::vector<SalesAtView> items{};

    ExportedTable table() const;
    std::string file_name() const { return file_name_of("daily-sales", from, to); }
};
BOOST_DESCRIBE_STRUCT(DailySalesView, (), (from, to, by, currency, items))

// The sales of each hour, day or month of a period, including those without sales.
// Errors: invalid (the period), unavailable.
Task<Result<DailySalesView>> daily_sales(const Caller& caller, const DailySales& request, TenantItems& items,
                                         Analytics& analytics, Clock& clock);

} // namespace estante::analytics

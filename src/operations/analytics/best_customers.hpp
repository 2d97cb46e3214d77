#pragma once

#include "domain/caller.hpp"
#include "operations/analytics/report_options.hpp"
#include "ports/analytics.hpp"
#include "ports/clock.hpp"
#include "ports/tenant_items.hpp"

namespace estante::analytics {

struct BestCustomers {
    std::optional<CalendarDate> from{};
    std::optional<CalendarDate> to{};
    RowLimit limit{};
    std::optional<ListFormat> format{};
};
BOOST_DESCRIBE_STRUCT(BestCustomers, (), (from, to, limit, format))

struct CustomerSalesView {
    std::string user_id{}; // may be of a deleted user
    std::uint64_t purchases = 0;
    std::uint64_t items = 0;
    Money revenue{};
};
BOOST_DESCRIBE_STRUCT(CustomerSalesView, (), (user_id, purchases, items, revenue))

struct BestCustomersView {
    CalendarDate from{};
    CalendarDate to{};
    Currency currency{};
    std::vector<CustomerSalesView> items{};

    ExportedTable table() const;
    std::string file_name() const { return file_name_of("customers", from, to); }
};
BOOST_DESCRIBE_STRUCT(BestCustomersView, (), (from, to, currency, items))

// The customers who spent most. Errors: invalid (the period), unavailable.
Task<Result<BestCustomersView>> best_customers(const Caller& caller, const BestCustomers& request, TenantItems& items,
                                               Analytics& analytics, Clock& clock);

} // namespace estante::analytics

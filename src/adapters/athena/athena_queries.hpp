// The reports of ports/analytics.hpp as statements for Athena (Trino's SQL). Each statement restricts every table that
// it reads to one tenant, and purchases to the partitions of the period.
#pragma once

#include "adapters/athena/statement.hpp"
#include "ports/analytics.hpp"

#include <cstddef>
#include <vector>

namespace estante::athena {

// The purchases of a report. `closed_days` (ascending) are read from Parquet, other days from JSON.
struct SalesSelection {
    TenantId tenant;
    Period period;
    std::vector<Day> closed_days;
};

// The comments name the columns of the result. Amounts are in cents.
Statement totals(const SalesSelection& selection); // purchases, items, revenue
Statement series(const SalesSelection& selection,
                 Granularity granularity); // begin in ms, purchases, items, revenue; without empty intervals
Statement top_books(const SalesSelection& selection, bool by_category,
                    std::size_t limit);                                // category, book_id, title, items, revenue, rank
Statement authors(const SalesSelection& selection, std::size_t limit); // author, items, revenue
Statement best_customers(const SalesSelection& selection, std::size_t limit); // user_id, purchases, items, revenue
// New customers, returning customers, and the revenue of each. `selection` begins with the first day of the lake;
// `first` is the first day of the report's period.
Statement customer_kinds(const SalesSelection& selection, Day first);

} // namespace estante::athena

// The questions of ports/analytics.hpp as statements for Athena (Trino's SQL). Every one names its tenant in each table
// that it reads, and its days as partitions.
#pragma once

#include "adapters/athena/statement.hpp"
#include "ports/analytics.hpp"

#include <cstddef>
#include <vector>

namespace estante::athena {

// Whose purchases, and which days of the period are read from Parquet (`closed`, ascending); the others from JSON.
struct Sold {
    TenantId tenant;
    Period period;
    std::vector<Day> closed;
};

Statement totals(const Sold& sold);                          // purchases, items, cents
Statement series(const Sold& sold, Granularity granularity); // begin in ms, purchases, items, cents; no empty ones
Statement top_books(const Sold& sold, bool by_category,
                    std::size_t limit);                        // category, book_id, title, items, cents, rank
Statement authors(const Sold& sold, std::size_t limit);        // author, items, cents
Statement best_customers(const Sold& sold, std::size_t limit); // user_id, purchases, items, cents
// New customers, returning ones, cents of each. `sold` reaches from the first day of the lake to the period's last.
Statement customer_kinds(const Sold& sold, Day first);

} // namespace estante::athena

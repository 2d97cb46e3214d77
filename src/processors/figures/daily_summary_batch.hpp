// Counts what happened on one day of a shop in the day's summary: each event once, however often it is heard of.
#pragma once

#include "domain/day_summary.hpp"
#include "domain/result.hpp"
#include "ports/business_counters.hpp"
#include "ports/tenant_items.hpp"

#include <vector>

namespace estante {

struct DayEvents {
    std::vector<Purchase> purchases{};   // as they are now, each once
    std::vector<UserId> registrations{}; // each once
};

// Who is told of a shop's purchases and accounts once they are counted.
struct ShopCounters {
    const TenantId& tenant;
    BusinessCounters& counters;
};

// A purchase is counted as placed, and as cancelled if it is. Each transaction writes the summary on condition of its
// version, with one marker for each event on condition that there is none; what was counted before is left out, and a
// transaction that met another writer is made again. After each transaction the counters get what it counted, at the
// time of each event; what it left out they have had. Answers the summary as it is then. Errors: unavailable; then some
// of the events may have been counted, and calling again is safe. Throws std::runtime_error for a damaged item.
Task<Result<DaySummary>> apply_to_daily_summary(TenantItems& items, Day day, DayEvents events, ShopCounters shop);

bool is_cancelled_or_refunded(const Purchase& purchase); // cancelled or refunded: it is not in the figures

} // namespace estante

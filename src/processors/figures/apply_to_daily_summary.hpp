// Applies the events of one day to the day's summary item, each event exactly once.
#pragma once

#include "domain/day_summary.hpp"
#include "domain/result.hpp"
#include "ports/business_counters.hpp"
#include "ports/tenant_items.hpp"

#include <vector>

namespace estante {

struct DayEvents {
    std::vector<Purchase> purchases{};   // in their current state, each once
    std::vector<UserId> registrations{}; // each once
};

// The business counters of one tenant.
struct TenantCounters {
    const TenantId& tenant;
    BusinessCounters& counters;
};

// Counts each purchase as placed, and as cancelled if it is. A transaction writes the summary, on condition of its
// version, and one marker per event, on condition that the marker is absent. Events whose marker exists are skipped. A
// transaction that conflicts with another writer is built again. After each transaction the counters get the events
// that it counted, with the time of each event. Returns the new summary. Errors: unavailable; some events may have been
// counted, and the call may be repeated. Throws std::runtime_error for a damaged item.
Task<Result<DaySummary>> apply_to_daily_summary(TenantItems& items, Day day, DayEvents events, TenantCounters counters);

} // namespace estante

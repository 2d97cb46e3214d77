// The lake's copy of a daily summary: summary.json.
#pragma once

#include "domain/day_summary.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "ports/object_store.hpp"

namespace estante {

// Puts the day's summary.json unless the lake has this version or a later one. Concurrent writers are safe. Errors:
// unavailable.
Task<Result<void>> put_summary_object(ObjectStore& lake, TenantId tenant, DaySummary summary);

} // namespace estante

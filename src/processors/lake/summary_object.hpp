// The lake's copy of a day's summary.
#pragma once

#include "domain/day_summary.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "ports/object_store.hpp"

namespace estante {

// Puts the day's summary.json, unless the lake has one of this or a later version: a late writer leaves the newer one
// alone, also when both write at once. Errors: unavailable.
Task<Result<void>> put_summary_object(ObjectStore& lake, TenantId tenant, DaySummary summary);

// For a processor: what the lake cannot do now. Its `invalid` is a mistake of the program and throws std::logic_error.
std::unexpected<Error> lake_failure(const ObjectError& error);

} // namespace estante

// The processor that writes purchases to the data lake and counts them in the daily summaries.
#pragma once

#include "ports/business_counters.hpp"
#include "ports/object_store.hpp"
#include "ports/tenant_items.hpp"
#include "processors/poison_record.hpp"

#include <vector>

namespace estante {

// Handles purchases and new accounts, and skips carts, claims, summaries, markers and removals. It reads each purchase
// as it is now, puts its object into the lake, applies it to the day's summary (apply_to_daily_summary.hpp) and puts
// the day's summary.json. `counters` get each purchase and each account after the transaction that counted it, so at
// most once: not when the process is killed in between or the response of the transaction is lost. Purchases that
// cannot be read are poison records. The lake keeps a purchase that is gone from the store; no shop removes one.
// Errors: unavailable, from the store or the lake. Throws what apply_to_daily_summary throws, for a damaged summary or
// marker. Only one call at a time in all processes: otherwise an older state of a purchase could replace a newer one.
Task<Result<std::vector<PoisonRecord>>> purchases_stream(AllItems items, ObjectStore& lake, BusinessCounters& counters,
                                                         std::vector<Change> changes);

// Counts only: it writes nothing to the lake and to no counters. May run concurrently, also with purchases_stream.
Task<Result<std::vector<PoisonRecord>>> count_purchases(AllItems items, std::vector<Change> changes);

} // namespace estante

// Keeps the data lake and the daily summaries as the purchases are: one idempotent step over a batch of changes.
#pragma once

#include "ports/business_counters.hpp"
#include "ports/object_store.hpp"
#include "ports/tenant_items.hpp"
#include "processors/poison_record.hpp"

#include <vector>

namespace estante {

// Looks at purchases and at accounts that were made; carts, claims, summaries, markers and removals pass by. A change
// is a hint: the purchase is read as it is now. Then its object in the lake is put, and beside that the day's summary
// counts it (apply_to_daily_summary.hpp) and the day's summary.json is put. So a batch may come twice, late, or after
// the process was killed anywhere, and the end is the same. `counters` hear of each purchase and each account after the
// transaction that counted it, so at most once: not of what was counted when the process was killed or the answer was
// lost. A purchase that is gone is left as it is in the lake: no shop removes one. What cannot be read is set aside,
// and the rest goes on. Errors: unavailable, from the store or the lake: then the batch is to come again. Throws what
// apply_to_daily_summary throws, for a damaged summary or marker. One caller at a time in all processes: two could put
// an older state of a purchase over a newer one.
Task<Processed> purchases_stream(AllItems items, ObjectStore& lake, BusinessCounters& counters,
                                 std::vector<Change> changes);

// Its counting alone: the lake and the counters hear nothing. Any number of callers at once, beside purchases_stream.
Task<Processed> count_purchases(AllItems items, std::vector<Change> changes);

} // namespace estante

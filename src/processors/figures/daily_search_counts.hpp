// Adds counted search queries to the daily summaries. Searches write nothing, so the change stream does not have them.
#pragma once

#include "ports/business_metrics.hpp"
#include "ports/id_generator.hpp"
#include "ports/object_store.hpp"
#include "ports/tenant_items.hpp"

#include <memory>

namespace estante {

// Takes search queries only; purchases_stream counts the rest. Counts are dropped when it is unknown whether they were
// written: the store answered neither the write nor its repetition under the same token. The lake's copy of the summary
// is written after the item; after a failure there it is written with the day's next event.
// Store, lake and ids outlive the result.
std::unique_ptr<BusinessMetrics> create_daily_search_counts(AllItems items, ObjectStore& lake, IdGenerator& ids);

} // namespace estante

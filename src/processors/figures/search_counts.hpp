// Search queries leave no change in the store: what was counted of them is added to the daily summaries from here.
#pragma once

#include "ports/business_metrics.hpp"
#include "ports/id_generator.hpp"
#include "ports/object_store.hpp"
#include "ports/tenant_items.hpp"

#include <memory>

namespace estante {

// Takes in search queries and passes everything else by: the summaries count that from the change stream. What is in
// doubt (the store did not answer a write, and not its repetition under the same token either) is dropped. The lake's
// copy of a summary follows; what the lake cannot take now it has with the day's next event.
// Store, lake and ids outlive this.
std::unique_ptr<BusinessMetrics> create_summary_searches(AllItems items, ObjectStore& lake, IdGenerator& ids);

} // namespace estante

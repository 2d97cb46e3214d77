// Keeps the search index as the catalogue is: one idempotent step over a batch of changes.
#pragma once

#include "ports/search_index.hpp"
#include "ports/tenant_items.hpp"
#include "processors/poison_record.hpp"

#include <vector>

namespace estante {

// Looks at entries and stock in the table of books; everything else passes by. A change is a hint: the book is read as
// it is now and indexed with the version entry + availability, or removed for good if it is gone. So a batch may come
// twice, late, or in another order, and the index ends up the same. What cannot be read or indexed is set aside, and
// the rest goes on. Errors: unavailable and the like, from the store or the index: then the batch is to come again.
Task<Processed> books_stream(AllItems items, SearchIndex& index, std::vector<Change> changes);

} // namespace estante

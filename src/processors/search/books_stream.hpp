// The processor that writes books to the search index.
#pragma once

#include "ports/search_index.hpp"
#include "ports/tenant_items.hpp"
#include "processors/poison_record.hpp"

#include <vector>

namespace estante {

// Handles entries and stock in the table of books and skips everything else. It reads each book as it is now and
// indexes it with the version entry + availability, or removes it permanently if it is gone. So repeated, late and
// reordered batches lead to the same index. Books that cannot be read or indexed are poison records. Errors:
// unavailable and rate_limited, from the store or the index.
Task<Result<std::vector<PoisonRecord>>> books_stream(AllItems items, SearchIndex& index, std::vector<Change> changes);

} // namespace estante

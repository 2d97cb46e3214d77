// Fills the search index from the store where the change stream is not enough.
#pragma once

#include "domain/ids.hpp"
#include "ports/search_index.hpp"
#include "ports/tenant_items.hpp"

#include <cstdint>

namespace estante {

// Rebuilds the index of one tenant and logs the books that cannot be indexed. Returns the number of books. Throws
// std::runtime_error with one line.
Task<std::uint64_t> fill_search_index(AllItems items, SearchIndex& index, TenantId tenant);

// Fills the index of each tenant that has none, in an engine that outlives the process. After a failure it logs a
// warning and returns false.
Task<bool> fill_missing_indexes(AllItems items, SearchIndex& index);

} // namespace estante

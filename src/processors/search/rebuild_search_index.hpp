#pragma once

#include "domain/result.hpp"
#include "ports/search_index.hpp"
#include "ports/tenant_items.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace estante {

struct Rebuilt {
    std::uint64_t books = 0;
    std::vector<std::string> damaged{}; // why a book is not in the index (English, for a log line), one each
};

// Replaces a shop's search index by what the store has, while the old one serves. The caller notes the stream's newest
// position before it begins, and lets books_stream go on from there: changes that happen meanwhile win by their
// version. Errors: unavailable and the like, from the store or the index; the old index then still serves.
Task<Result<Rebuilt>> rebuild_search_index(AllItems items, TenantId tenant, SearchIndex& index);

} // namespace estante

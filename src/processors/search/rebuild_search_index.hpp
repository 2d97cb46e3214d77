// Rebuilds the search index of one tenant from the store.
#pragma once

#include "domain/result.hpp"
#include "ports/search_index.hpp"
#include "ports/tenant_items.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace estante {

struct RebuildResult {
    std::uint64_t books = 0;
    std::vector<std::string> damaged{}; // one reason per book that cannot be indexed (English, for the log)
};

// Replaces the index while the old one serves. The caller reads the newest position of the stream before, and runs
// books_stream from there: concurrent changes win by their version. Errors: unavailable and rate_limited, from the
// store or the index; the old index then continues to serve.
Task<Result<RebuildResult>> rebuild_search_index(AllItems items, TenantId tenant, SearchIndex& index);

} // namespace estante

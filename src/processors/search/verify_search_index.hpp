// Verifies that a tenant's search index matches the store, and repairs it while it serves.
#pragma once

#include "domain/result.hpp"
#include "ports/search_index.hpp"
#include "ports/tenant_items.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace estante {

// Blocks until books_stream has processed everything that was committed before the call; false on timeout. So the calls
// below run on a thread that may block.
using CatchUp = std::function<bool()>;

struct Drift {
    std::uint64_t books = 0;                          // in the store
    std::map<std::string, IndexStatus> differences{}; // by book id; never `right`
    std::map<std::string, std::string> damaged{};     // reason (English) by id of a book that cannot be indexed

    bool is_none() const { return differences.empty() && damaged.empty(); }
};

// Compares both. A book that differs is compared again after the stream has caught up. It counts as drift only if its
// version in the store is the same before and after, so changes in flight are no drift.
// Errors: unavailable (the store or the index; the stream does not catch up; a book changes continuously).
Task<Result<Drift>> verify_search_index(AllItems items, TenantId tenant, SearchIndex& index, CatchUp catch_up);

struct RepairResult {
    std::uint64_t written = 0; // books
    bool rebuilt = false;      // the whole index
    Drift remaining{};
};

// Writes the books of `drift` one by one. It rebuilds the index if books still differ then (the index has a higher
// version, or other contents under the same version), or if more than 1,000 books differ. The index serves meanwhile.
// Errors: those of verify_search_index; invalid (the index rejects a document).
Task<Result<RepairResult>> repair_search_index(AllItems items, TenantId tenant, SearchIndex& index, CatchUp catch_up,
                                               Drift drift);

} // namespace estante

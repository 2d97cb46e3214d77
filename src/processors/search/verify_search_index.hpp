// Whether a shop's search index is as the store is, and how it becomes so again while it serves.
#pragma once

#include "domain/result.hpp"
#include "ports/search_index.hpp"
#include "ports/tenant_items.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace estante {

// Blocks until books_stream has taken in everything that was committed before the call; false when it does not in time.
// For a thread that may wait.
using CatchUp = std::function<bool()>;

struct Drift {
    std::uint64_t books = 0;                          // in the store
    std::map<std::string, IndexStatus> differences{}; // by book id; none is `right`
    std::map<std::string, std::string> damaged{};     // books of the store that cannot be indexed, and why (English)

    bool is_none() const { return differences.empty() && damaged.empty(); }
};

// Reads both. A book that differs is looked at again after the stream has drained, and differs only if the store's
// version of it was the same before and after that look: what is in flight is no drift.
// Errors: unavailable (the store or the index; the stream does not catch up; a book changes all the time).
Task<Result<Drift>> verify_search_index(AllItems items, TenantId tenant, SearchIndex& index, CatchUp catch_up);

struct RepairResult {
    std::uint64_t written = 0; // books, by their versions
    bool rebuilt = false;      // the whole index
    Drift after{};             // what is still different
};

// Writes what `drift` says is different, book by book. What the index then still has otherwise (a version above the
// store's, other contents under its version), and more than 1,000 books at once, it mends by a rebuild. Searches go on
// meanwhile. Errors: those of verify_search_index; invalid (the index refuses a document).
Task<Result<RepairResult>> repair_search_index(AllItems items, TenantId tenant, SearchIndex& index, CatchUp catch_up,
                                               Drift drift);

} // namespace estante

// The search engine inside the process: the SearchIndex port without anything beside it. Analysis and scores are
// Lucene's to the bit (see analyzer.hpp, bm25.hpp and text_query.hpp), so a shop that moves to OpenSearch sees the same
// results.
//
// A change is in memory and visible first; a save writes to the folder what has changed (docs/search-format.md). Shops
// that are not asked for leave memory, and come back from their files. A book without a description takes about 280
// bytes in a large shop and 450 in one of 200 books; each term of a description adds 3 to 5.
//
// Thread rules: every member may be called from any thread. Searches run to their end in the caller's thread, in
// microseconds, and wait for no writer's work; the first of a shop that is
// away has its files read on another thread. A write returns when
// it is visible; merges of more than `merge_at_once` books run in the engine's own thread.
#pragma once

#include "adapters/search/tenant_index.hpp"
#include "ports/durable_search_index.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace estante::search {

class EmbeddedSearch : public DurableSearchIndex {
public:
    virtual std::size_t memory_bytes() const = 0; // of indexes, mapped files included
    virtual std::size_t shops_in_memory() const = 0;
};

struct EmbeddedSearchOptions {
    TenantIndexLimits limits{};
    std::optional<std::filesystem::path> folder{};         // absent: everything stays in memory
    std::size_t memory_bytes = std::size_t{256} << 20;     // what indexes may take before idle shops leave
    std::function<void(const std::string& line)> report{}; // of damage; from any thread
};

// Throws std::system_error when the folder cannot be made or read.
std::unique_ptr<EmbeddedSearch> create_embedded_search(EmbeddedSearchOptions options);

// In memory alone.
std::unique_ptr<SearchIndex> create_search_index(TenantIndexLimits limits = {});

} // namespace estante::search

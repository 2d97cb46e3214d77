// The search engine inside the process: the SearchIndex port without an external service. Its analysis and scores equal
// Lucene's bit for bit (analyzer.hpp, bm25.hpp, text_query.hpp), so a shop that moves to OpenSearch sees the same
// results.
//
// A change is visible in memory first. A save writes the changes to the folder (docs/search-format.md). Least recently
// used indexes are evicted from memory and reloaded from their files. A book without a description takes about 280
// bytes in a large shop and 450 in one of 200 books; each term of a description adds 3 to 5.
//
// Thread-safe. A search runs in the caller's thread in microseconds and does not block on writers. The first search of
// an evicted index loads the files on another thread. A write returns when it is visible. Merges of more than
// `max_inline_merge` documents run in the engine's own thread.
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
    virtual std::size_t memory_bytes() const = 0; // of all indexes, including mapped files
    virtual std::size_t shops_in_memory() const = 0;
};

struct EmbeddedSearchOptions {
    TenantIndexLimits limits{};
    std::optional<std::filesystem::path> folder{};         // nullopt: in memory only
    std::size_t memory_bytes = std::size_t{256} << 20;     // the budget beyond which indexes are evicted
    std::function<void(const std::string& line)> report{}; // receives log lines; called from any thread
};

// Throws std::system_error when the folder cannot be created or read.
std::unique_ptr<EmbeddedSearch> create_embedded_search(EmbeddedSearchOptions options);

// In memory only.
std::unique_ptr<SearchIndex> create_search_index(TenantIndexLimits limits = {});

} // namespace estante::search

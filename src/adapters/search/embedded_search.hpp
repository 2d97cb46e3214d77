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

#include "adapters/search/index_checkpoint.hpp"
#include "adapters/search/tenant_index.hpp"
#include "ports/search_index.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace estante::search {

// The port, and the persistence of the index folder. Searches of a shop are `unavailable` while its files are
// unreadable, and from the detection of damage until its rebuild.
class EmbeddedSearch : public SearchIndex {
public:
    // The state of the folder. nullopt: it holds no usable index.
    virtual std::optional<IndexCheckpoint> checkpoint() const = 0;
    // Removes all indexes from memory and from the folder. `position`: the position of the change stream before the
    // shops are read to rebuild it. Throws std::system_error.
    virtual void recreate(std::string id, std::string position) = 0;
    // Writes all changes. When it returns, the changes up to `position`, which were applied before the call, are
    // durable. A second call with the same position confirms that the stream acknowledged it and drops the previous
    // position from the checkpoint. Searches and writes continue meanwhile. Throws std::system_error, for example when
    // the disk is full; then call it again.
    virtual void save(std::string position, std::int64_t now_ms) = 0;
    virtual bool is_saved() const = 0; // no changes since the last save
    // Shops whose files are damaged or not trusted.
    virtual std::vector<TenantId> awaiting_rebuild() const = 0;

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

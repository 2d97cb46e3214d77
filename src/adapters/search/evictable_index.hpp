// The index of one shop, which can be evicted from memory and is reloaded from its files on the next use. Without files
// it always stays in memory.
#pragma once

#include "adapters/search/atomic_shared_ptr.hpp"
#include "adapters/search/index_files.hpp"
#include "adapters/search/tenant_index.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace estante::search {

// Settings shared by all indexes of an engine. Must outlive them.
struct IndexSettings {
    const analysis::TitleCollation& collation;
    TenantIndexLimits limits{};
    std::function<void(const std::string& line)> report{}; // receives log lines
};

// Thread-safe. Access to an index in memory does not block.
class EvictableIndex {
public:
    EvictableIndex(const IndexSettings& settings, std::string name, std::optional<std::filesystem::path> folder);

    // Loads the files if the index is evicted, without blocking other indexes. Damaged files are reported, and the
    // index then needs a rebuild. Throws std::system_error when the files cannot be read.
    std::shared_ptr<TenantIndex> index();
    std::shared_ptr<TenantIndex> index_in_memory() const { return index_.load(); } // nullptr: evicted

    // Pins the index in memory. Required for changing it.
    class Pin {
    public:
        explicit Pin(EvictableIndex& owner);
        ~Pin();
        Pin(const Pin&) = delete;
        Pin& operator=(const Pin&) = delete;
        TenantIndex& operator*() const { return *index_; }
        TenantIndex* operator->() const { return index_.get(); }

    private:
        EvictableIndex& owner_;
        std::shared_ptr<TenantIndex> index_;
    };

    // Writes the changes since the last save, unless the index is evicted or needs a rebuild. Throws std::system_error.
    void save(std::uint64_t save);
    bool is_saved() const;
    // Evicts the index unless it is pinned or has unsaved changes.
    bool evict();
    // Whether the manifest is readable and of save `save` or an earlier one.
    bool has_files_up_to(std::uint64_t save) const;
    // Discards the index in memory and marks it for a rebuild.
    void require_rebuild();
    void remove_files();

    const std::string& name() const { return name_; }
    std::size_t memory_bytes() const;

    std::atomic<std::uint64_t> last_used{0};   // set by IndexCache: higher for a later use
    std::atomic<std::size_t> charged_bytes{0}; // set by IndexCache: its share of the memory budget
    std::atomic<bool> merge_queued{false};     // a background merge is queued

private:
    std::shared_ptr<TenantIndex> load_locked();

    const IndexSettings& settings_;
    const std::string name_;
    AtomicSharedPtr<TenantIndex> index_;
    std::mutex save_mutex_;    // serializes saves
    mutable std::mutex mutex_; // guards the members below and changes of index_
    std::optional<IndexFiles> files_;
    std::uint64_t saved_generation_ = 0;
    std::size_t pins_ = 0;
};

} // namespace estante::search

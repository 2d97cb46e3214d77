// The indexes of all shops within a memory budget. When it is exceeded, the least recently used ones are evicted.
#pragma once

#include "adapters/search/evictable_index.hpp"
#include "adapters/search/index_checkpoint.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace estante::search {

// Thread-safe.
class IndexCache {
public:
    // Without a folder nothing is evicted. Throws std::system_error when the folder cannot be created or read.
    IndexCache(const analysis::TitleCollation& collation, const TenantIndexLimits& limits,
               std::optional<std::filesystem::path> folder, std::size_t max_bytes,
               std::function<void(const std::string&)> report);

    std::shared_ptr<EvictableIndex> find(const std::string& name) const;
    std::shared_ptr<EvictableIndex> find_or_add(const std::string& name);
    void drop(const std::string& name);
    std::vector<std::string> awaiting_rebuild() const;

    void touch(EvictableIndex& index) { index.last_used = ++clock_; }
    // As touch(), after the index was loaded or changed: updates the used memory and evicts indexes if it exceeds the
    // budget. `may_save`: indexes with unsaved changes are saved and evicted too, which blocks on the disk.
    void record_use(EvictableIndex& index, bool may_save);

    std::optional<IndexCheckpoint> checkpoint() const;
    void recreate(std::string id, std::string position);
    void save(const std::string& position, std::int64_t at_ms);

    bool are_saved() const; // no index has unsaved changes
    std::size_t memory_bytes() const { return bytes_; }
    std::size_t in_memory() const;

private:
    void open_folder();
    void evict_idle(bool may_save);
    bool try_save(EvictableIndex& index);
    std::vector<std::shared_ptr<EvictableIndex>> all() const;
    std::optional<std::filesystem::path> folder_of(const std::string& name) const;

    const IndexSettings settings_;
    const std::optional<std::filesystem::path> folder_;
    const std::size_t max_bytes_;
    std::atomic<std::size_t> bytes_ = 0;
    std::atomic<std::uint64_t> clock_ = 0; // of EvictableIndex::last_used
    std::mutex eviction_mutex_;            // one eviction at a time
    std::mutex save_mutex_;                // serializes saves

    mutable std::shared_mutex mutex_;                                          // guards the members below
    std::unordered_map<std::string, std::shared_ptr<EvictableIndex>> indexes_; // by tenant
    IndexCheckpoint checkpoint_;
    bool is_complete_ = false; // checkpoint_ is saved in the folder
};

} // namespace estante::search

// The shops of an engine, within a budget of memory: when it is spent, those that were asked for longest ago leave.
#pragma once

#include "adapters/search/checkpoint.hpp"
#include "adapters/search/shop.hpp"

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

// Thread rules: every member may be called from any thread.
class Shops {
public:
    // Without a folder everything stays in memory. Throws std::system_error when the folder cannot be made or read.
    Shops(const analysis::TitleCollation& collation, const TenantIndexLimits& limits,
          std::optional<std::filesystem::path> folder, std::size_t most_bytes,
          std::function<void(const std::string&)> report);

    std::shared_ptr<Shop> find(const std::string& name) const;
    std::shared_ptr<Shop> find_or_add(const std::string& name);
    void drop(const std::string& name);
    std::vector<std::string> awaiting_rebuild() const;

    void touch(Shop& shop) { shop.used_at = ++clock_; } // it was asked for
    // The same after it came or changed, and makes room if memory is spent. Saved shops leave at once; `may_save`:
    // others are saved first, which takes as long as the disk.
    void used(Shop& shop, bool may_save);

    std::optional<IndexCheckpoint> checkpoint() const;
    void recreate(std::string id, std::string position);
    void save(const std::string& position, std::int64_t at_ms);

    bool are_saved() const; // as they are
    std::size_t memory_bytes() const { return bytes_; }
    std::size_t in_memory() const;

private:
    void find_kept();
    void make_room(bool may_save);
    bool try_save(Shop& shop);
    std::vector<std::shared_ptr<Shop>> all() const;
    std::optional<std::filesystem::path> folder_of(const std::string& name) const;

    const ShopSettings settings_;
    const std::optional<std::filesystem::path> folder_;
    const std::size_t most_bytes_;
    std::atomic<std::size_t> bytes_ = 0;
    std::atomic<std::uint64_t> clock_ = 0; // of Shop::used_at
    std::mutex making_room_;               // one at a time
    std::mutex saving_;                    // one save at a time

    mutable std::shared_mutex mutex_;                              // guards what follows
    std::unordered_map<std::string, std::shared_ptr<Shop>> shops_; // by name
    IndexCheckpoint checkpoint_;
    bool is_complete_ = false; // checkpoint_ is in the folder
};

} // namespace estante::search

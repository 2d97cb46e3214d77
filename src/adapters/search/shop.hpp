// One shop's index, in memory or away: away it takes no more than its name, and comes back from its files when it is
// asked for. Without files it is always in memory.
#pragma once

#include "adapters/search/published.hpp"
#include "adapters/search/shop_files.hpp"
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

// What all shops of an engine share; outlives them.
struct ShopSettings {
    const analysis::TitleCollation& collation;
    TenantIndexLimits limits{};
    std::function<void(const std::string& line)> report{}; // a line for the log
};

// Thread rules: every member may be called from any thread. Who finds the index in memory waits for nobody.
class Shop {
public:
    Shop(const ShopSettings& settings, std::string name, std::optional<std::filesystem::path> folder);

    // Reads the files if it is away; other shops do not wait for that. Damaged files are reported, and the index then
    // awaits its rebuild. Throws std::system_error when the files cannot be read now.
    std::shared_ptr<TenantIndex> index();
    std::shared_ptr<TenantIndex> index_in_memory() const { return published_.load(); } // absent: it is away

    // The index stays in memory as long as a Use of it lives: who changes it has one.
    class Use {
    public:
        explicit Use(Shop& shop);
        ~Use();
        Use(const Use&) = delete;
        Use& operator=(const Use&) = delete;
        TenantIndex& operator*() const { return *index_; }
        TenantIndex* operator->() const { return index_.get(); }

    private:
        Shop& shop_;
        std::shared_ptr<TenantIndex> index_;
    };

    // Writes what has changed since the last time, if the index is in memory and whole. Throws std::system_error.
    void save(std::uint64_t save);
    bool is_saved() const;
    // Leaves memory unless it is in use, changed or never saved.
    bool leave();
    // The shop was part of no save after `save`, and its manifest can be read.
    bool has_files_of(std::uint64_t save) const;
    // Forgets what is in memory and awaits a rebuild.
    void await_rebuild();
    void remove_files();

    const std::string& name() const { return name_; }
    std::size_t memory_bytes() const;

    std::atomic<std::uint64_t> used_at{0};     // of Shops: higher, the later it was asked for
    std::atomic<std::size_t> counted_bytes{0}; // likewise: what it counts for
    std::atomic<bool> queued{false};           // likewise: a large merge waits

private:
    std::shared_ptr<TenantIndex> load_locked();

    const ShopSettings& settings_;
    const std::string name_;
    Published<TenantIndex> published_;
    std::mutex saving_;        // one save at a time
    mutable std::mutex mutex_; // guards what follows, and what is published
    std::optional<ShopFiles> files_;
    std::uint64_t saved_change_ = 0;
    std::size_t uses_ = 0;
};

} // namespace estante::search

#include "adapters/search/index_cache.hpp"

#include "adapters/filesystem/posix_file.hpp"
#include "adapters/search/metadata_file.hpp"

#include <algorithm>
#include <malloc.h>
#include <system_error>
#include <utility>

namespace estante::search {
namespace {

namespace fs = std::filesystem;

constexpr const char* checkpoint_name = "checkpoint";
constexpr const char* shops_name = "shops";
constexpr std::size_t freed_fraction = 10; // an eviction frees a tenth of the budget

} // namespace

IndexCache::IndexCache(const analysis::TitleCollation& collation, const TenantIndexLimits& limits,
                       std::optional<fs::path> folder, std::size_t max_bytes,
                       std::function<void(const std::string&)> report)
    : settings_{.collation = collation, .limits = limits, .report = std::move(report)},
      folder_(std::move(folder)),
      max_bytes_(max_bytes)
{
    if (folder_)
        open_folder();
}

void IndexCache::open_folder()
{
    fs::create_directories(*folder_ / shops_name);
    const auto bytes = read_file(*folder_ / checkpoint_name);
    const auto checkpoint = bytes ? decode_checkpoint(*bytes) : std::nullopt;
    if (!checkpoint)
        return;
    checkpoint_ = *checkpoint;
    is_complete_ = true;
    for (const auto& entry : fs::directory_iterator(*folder_ / shops_name)) {
        const auto name = entry.path().filename().string();
        indexes_[name] = std::make_shared<EvictableIndex>(settings_, name, entry.path());
    }
}

std::optional<fs::path> IndexCache::folder_of(const std::string& name) const
{
    return folder_ ? std::optional(*folder_ / shops_name / name) : std::nullopt;
}

std::shared_ptr<EvictableIndex> IndexCache::find(const std::string& name) const
{
    const std::shared_lock lock(mutex_);
    const auto found = indexes_.find(name);
    return found == indexes_.end() ? nullptr : found->second;
}

std::shared_ptr<EvictableIndex> IndexCache::find_or_add(const std::string& name)
{
    if (auto index = find(name))
        return index;
    const std::unique_lock lock(mutex_);
    auto& index = indexes_[name];
    if (index == nullptr)
        index = std::make_shared<EvictableIndex>(settings_, name, folder_of(name));
    return index;
}

void IndexCache::drop(const std::string& name)
{
    std::shared_ptr<EvictableIndex> index;
    {
        const std::unique_lock lock(mutex_);
        const auto found = indexes_.find(name);
        if (found == indexes_.end())
            return;
        index = std::move(found->second);
        indexes_.erase(found);
    }
    bytes_ -= index->charged_bytes.exchange(0);
    index->remove_files();
}

std::vector<std::shared_ptr<EvictableIndex>> IndexCache::all() const
{
    std::vector<std::shared_ptr<EvictableIndex>> indexes;
    const std::shared_lock lock(mutex_);
    indexes.reserve(indexes_.size());
    for (const auto& [name, index] : indexes_)
        indexes.push_back(index);
    return indexes;
}

std::vector<std::string> IndexCache::awaiting_rebuild() const
{
    std::vector<std::string> names;
    for (const auto& index : all())
        if (const auto loaded = index->index_in_memory(); loaded != nullptr && loaded->needs_rebuild())
            names.push_back(index->name());
    return names;
}

std::size_t IndexCache::in_memory() const
{
    const auto indexes = all();
    return static_cast<std::size_t>(
        std::ranges::count_if(indexes, [](const auto& index) { return index->index_in_memory() != nullptr; }));
}

void IndexCache::record_use(EvictableIndex& index, bool may_save)
{
    index.last_used = ++clock_;
    const auto now = index.memory_bytes();
    bytes_ += now - index.charged_bytes.exchange(now); // modulo 2^64, so a difference may be negative
    if (folder_ && bytes_ > max_bytes_)
        evict_idle(may_save);
}

// The most recently used index stays, whatever its size.
void IndexCache::evict_idle(bool may_save)
{
    const std::unique_lock eviction_lock(eviction_mutex_, std::try_to_lock);
    if (!eviction_lock)
        return;
    std::vector<std::pair<std::uint64_t, std::shared_ptr<EvictableIndex>>>
        indexes; // with a copy of last_used, which changes meanwhile
    for (auto& index : all())
        if (index->index_in_memory() != nullptr)
            indexes.emplace_back(index->last_used, std::move(index));
    std::ranges::sort(indexes, {}, [](const auto& index) { return index.first; });
    bool can_save = may_save;
    for (std::size_t at = 0; at + 1 < indexes.size() && bytes_ > max_bytes_ - max_bytes_ / freed_fraction; ++at) {
        auto& index = *indexes[at].second;
        if (!index.is_saved() && can_save)
            can_save = try_save(index);
        if (index.evict())
            bytes_ -= index.charged_bytes.exchange(0);
    }
    if (may_save)
        ::malloc_trim(0); // indexes that were not mapped from a file were on the heap
}

bool IndexCache::try_save(EvictableIndex& index)
{
    try {
        std::uint64_t save = 0;
        {
            const std::shared_lock lock(mutex_);
            save = checkpoint_.save + 1;
        }
        index.save(save);
        return true;
    } catch (const std::system_error&) {
        return false; // the next save() reports it
    }
}

bool IndexCache::are_saved() const
{
    {
        const std::shared_lock lock(mutex_);
        if (!is_complete_)
            return false;
    }
    return std::ranges::all_of(all(), [](const auto& index) { return index->is_saved(); });
}

std::optional<IndexCheckpoint> IndexCache::checkpoint() const
{
    const std::shared_lock lock(mutex_);
    return is_complete_ ? std::optional(checkpoint_) : std::nullopt;
}

// The checkpoint is removed first, because without it no file is used.
void IndexCache::recreate(std::string id, std::string position)
{
    const std::lock_guard save_lock(save_mutex_);
    const std::unique_lock lock(mutex_);
    indexes_.clear();
    bytes_ = 0;
    checkpoint_ = {.id = std::move(id), .position = position, .previous = std::move(position)};
    is_complete_ = false;
    if (!folder_)
        return;
    fs::remove(*folder_ / checkpoint_name);
    filesystem::sync_folder(*folder_);
    fs::remove_all(*folder_ / shops_name);
    fs::create_directories(*folder_ / shops_name);
}

void IndexCache::save(const std::string& position, std::int64_t at_ms)
{
    if (!folder_)
        return;
    const std::lock_guard save_lock(save_mutex_);
    auto next = [this] {
        const std::shared_lock lock(mutex_);
        return checkpoint_;
    }();
    ++next.save;
    next.previous = std::exchange(next.position, position);
    next.at_ms = at_ms;
    for (const auto& index : all())
        index->save(next.save);
    replace_file(*folder_ / checkpoint_name, encode(next));
    const std::unique_lock lock(mutex_);
    checkpoint_ = std::move(next);
    is_complete_ = true;
}

} // namespace estante::search

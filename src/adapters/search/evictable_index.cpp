#include "adapters/search/evictable_index.hpp"

#include "adapters/search/scope_exit.hpp"

#include <utility>

namespace estante::search {

EvictableIndex::EvictableIndex(const IndexSettings& settings, std::string name,
                               std::optional<std::filesystem::path> folder)
    : settings_(settings), name_(std::move(name)), index_(nullptr)
{
    if (folder)
        files_.emplace(*std::move(folder));
}

std::shared_ptr<TenantIndex> EvictableIndex::index()
{
    if (auto index = index_.load())
        return index;
    const std::lock_guard lock(mutex_);
    return load_locked();
}

std::shared_ptr<TenantIndex> EvictableIndex::load_locked()
{
    if (auto index = index_.load())
        return index;
    std::shared_ptr<TenantIndex> index;
    try {
        auto contents = files_ && files_->has_manifest() ? files_->load() : IndexContents{};
        index = std::make_shared<TenantIndex>(settings_.collation, settings_.limits, std::move(contents));
    } catch (const DamagedFile& damaged) {
        if (settings_.report)
            settings_.report("the search index of " + name_ + " is damaged and will be rebuilt: " + damaged.what());
        index = std::make_shared<TenantIndex>(settings_.collation, settings_.limits);
        index->require_rebuild();
    }
    saved_generation_ = index->generation();
    index_.store(index);
    return index;
}

EvictableIndex::Pin::Pin(EvictableIndex& owner) : owner_(owner)
{
    const std::lock_guard lock(owner.mutex_);
    index_ = owner.load_locked();
    ++owner.pins_;
}

EvictableIndex::Pin::~Pin()
{
    const std::lock_guard lock(owner_.mutex_);
    --owner_.pins_;
}

void EvictableIndex::save(std::uint64_t save)
{
    const std::lock_guard serialize_saves(save_mutex_);
    IndexContents contents;
    const auto index = index_.load();
    {
        const std::lock_guard lock(mutex_);
        if (!files_ || index == nullptr || index != index_.load() || index->needs_rebuild() ||
            index->generation() == saved_generation_)
            return;
        contents = index->contents();
        ++pins_;
    }
    const ScopeExit release([this] {
        const std::lock_guard lock(mutex_);
        --pins_;
    });
    files_->save(contents, save);
    const std::lock_guard lock(mutex_);
    saved_generation_ = contents.generation;
}

bool EvictableIndex::is_saved() const
{
    const std::lock_guard lock(mutex_);
    const auto index = index_.load();
    return index == nullptr || index->generation() == saved_generation_;
}

bool EvictableIndex::evict()
{
    const std::lock_guard lock(mutex_);
    const auto index = index_.load();
    if (!files_ || index == nullptr || pins_ > 0 || index->needs_rebuild() || index->generation() != saved_generation_)
        return false;
    index_.store(nullptr);
    files_->release();
    return true;
}

bool EvictableIndex::has_files_up_to(std::uint64_t save) const
{
    const std::lock_guard lock(mutex_);
    const auto last = files_ ? files_->last_save() : std::nullopt;
    return last && *last <= save;
}

void EvictableIndex::require_rebuild()
{
    const std::lock_guard serialize_saves(save_mutex_);
    const std::lock_guard lock(mutex_);
    if (files_)
        files_->release();
    auto index = std::make_shared<TenantIndex>(settings_.collation, settings_.limits);
    index->require_rebuild();
    saved_generation_ = index->generation();
    index_.store(std::move(index));
}

void EvictableIndex::remove_files()
{
    const std::lock_guard serialize_saves(save_mutex_);
    const std::lock_guard lock(mutex_);
    if (files_)
        files_->remove();
    files_.reset();
}

std::size_t EvictableIndex::memory_bytes() const
{
    const auto index = index_.load();
    return index == nullptr ? 0 : index->memory_bytes();
}

} // namespace estante::search

#include "adapters/search/shop.hpp"

#include "adapters/search/at_exit.hpp"

#include <utility>

namespace estante::search {

Shop::Shop(const ShopSettings& settings, std::string name, std::optional<std::filesystem::path> folder)
    : settings_(settings), name_(std::move(name)), published_(nullptr)
{
    if (folder)
        files_.emplace(*std::move(folder));
}

std::shared_ptr<TenantIndex> Shop::index()
{
    if (auto index = published_.load())
        return index;
    const std::lock_guard lock(mutex_);
    return load_locked();
}

std::shared_ptr<TenantIndex> Shop::load_locked()
{
    if (auto index = published_.load())
        return index;
    std::shared_ptr<TenantIndex> index;
    try {
        auto contents = files_ && files_->has_manifest() ? files_->load() : IndexContents{};
        index = std::make_shared<TenantIndex>(settings_.collation, settings_.limits, std::move(contents));
    } catch (const DamagedFile& damaged) {
        if (settings_.report)
            settings_.report("the search index of " + name_ + " is damaged and will be rebuilt: " + damaged.what());
        index = std::make_shared<TenantIndex>(settings_.collation, settings_.limits);
        index->await_rebuild();
    }
    saved_change_ = index->change();
    published_.store(index);
    return index;
}

Shop::Use::Use(Shop& shop) : shop_(shop)
{
    const std::lock_guard lock(shop.mutex_);
    index_ = shop.load_locked();
    ++shop.uses_;
}

Shop::Use::~Use()
{
    const std::lock_guard lock(shop_.mutex_);
    --shop_.uses_;
}

void Shop::save(std::uint64_t save)
{
    const std::lock_guard one_at_a_time(saving_);
    IndexContents contents;
    const auto index = published_.load();
    {
        const std::lock_guard lock(mutex_);
        if (!files_ || index == nullptr || index != published_.load() || index->awaits_rebuild() ||
            index->change() == saved_change_)
            return;
        contents = index->contents();
        ++uses_;
    }
    const AtExit release([this] {
        const std::lock_guard lock(mutex_);
        --uses_;
    });
    files_->save(contents, save);
    const std::lock_guard lock(mutex_);
    saved_change_ = contents.change;
}

bool Shop::is_saved() const
{
    const std::lock_guard lock(mutex_);
    const auto index = published_.load();
    return index == nullptr || index->change() == saved_change_;
}

bool Shop::leave()
{
    const std::lock_guard lock(mutex_);
    const auto index = published_.load();
    if (!files_ || index == nullptr || uses_ > 0 || index->awaits_rebuild() || index->change() != saved_change_)
        return false;
    published_.store(nullptr);
    files_->forget();
    return true;
}

bool Shop::has_files_of(std::uint64_t save) const
{
    const std::lock_guard lock(mutex_);
    const auto last = files_ ? files_->last_save() : std::nullopt;
    return last && *last <= save;
}

void Shop::await_rebuild()
{
    const std::lock_guard one_at_a_time(saving_);
    const std::lock_guard lock(mutex_);
    if (files_)
        files_->forget();
    auto index = std::make_shared<TenantIndex>(settings_.collation, settings_.limits);
    index->await_rebuild();
    saved_change_ = index->change();
    published_.store(std::move(index));
}

void Shop::remove_files()
{
    const std::lock_guard one_at_a_time(saving_);
    const std::lock_guard lock(mutex_);
    if (files_)
        files_->remove();
    files_.reset();
}

std::size_t Shop::memory_bytes() const
{
    const auto index = published_.load();
    return index == nullptr ? 0 : index->memory_bytes();
}

} // namespace estante::search

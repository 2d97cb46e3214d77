#include "adapters/search/shops.hpp"

#include "adapters/filesystem/open_file.hpp"
#include "adapters/search/record_file.hpp"

#include <algorithm>
#include <malloc.h>
#include <system_error>
#include <utility>

namespace estante::search {
namespace {

namespace fs = std::filesystem;

constexpr const char* checkpoint_name = "checkpoint";
constexpr const char* shops_name = "shops";
constexpr std::size_t kept_share = 10; // when memory is spent, a tenth is made free

} // namespace

Shops::Shops(const analysis::TitleCollation& collation, const TenantIndexLimits& limits, std::optional<fs::path> folder,
             std::size_t most_bytes, std::function<void(const std::string&)> report)
    : settings_{.collation = collation, .limits = limits, .report = std::move(report)},
      folder_(std::move(folder)),
      most_bytes_(most_bytes)
{
    if (folder_)
        find_kept();
}

void Shops::find_kept()
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
        shops_[name] = std::make_shared<Shop>(settings_, name, entry.path());
    }
}

std::optional<fs::path> Shops::folder_of(const std::string& name) const
{
    return folder_ ? std::optional(*folder_ / shops_name / name) : std::nullopt;
}

std::shared_ptr<Shop> Shops::find(const std::string& name) const
{
    const std::shared_lock lock(mutex_);
    const auto found = shops_.find(name);
    return found == shops_.end() ? nullptr : found->second;
}

std::shared_ptr<Shop> Shops::find_or_add(const std::string& name)
{
    if (auto shop = find(name))
        return shop;
    const std::unique_lock lock(mutex_);
    auto& shop = shops_[name];
    if (shop == nullptr)
        shop = std::make_shared<Shop>(settings_, name, folder_of(name));
    return shop;
}

void Shops::drop(const std::string& name)
{
    std::shared_ptr<Shop> shop;
    {
        const std::unique_lock lock(mutex_);
        const auto found = shops_.find(name);
        if (found == shops_.end())
            return;
        shop = std::move(found->second);
        shops_.erase(found);
    }
    bytes_ -= shop->counted_bytes.exchange(0);
    shop->remove_files();
}

std::vector<std::shared_ptr<Shop>> Shops::all() const
{
    std::vector<std::shared_ptr<Shop>> shops;
    const std::shared_lock lock(mutex_);
    shops.reserve(shops_.size());
    for (const auto& [name, shop] : shops_)
        shops.push_back(shop);
    return shops;
}

std::vector<std::string> Shops::awaiting_rebuild() const
{
    std::vector<std::string> names;
    for (const auto& shop : all())
        if (const auto index = shop->index_in_memory(); index != nullptr && index->awaits_rebuild())
            names.push_back(shop->name());
    return names;
}

std::size_t Shops::in_memory() const
{
    const auto shops = all();
    return static_cast<std::size_t>(
        std::ranges::count_if(shops, [](const auto& shop) { return shop->index_in_memory() != nullptr; }));
}

void Shops::used(Shop& shop, bool may_save)
{
    shop.used_at = ++clock_;
    const auto now = shop.memory_bytes();
    bytes_ += now - shop.counted_bytes.exchange(now); // modulo 2^64, so a difference may be negative
    if (folder_ && bytes_ > most_bytes_)
        make_room(may_save);
}

// The shop that was asked for last stays, however large it is.
void Shops::make_room(bool may_save)
{
    const std::unique_lock one_at_a_time(making_room_, std::try_to_lock);
    if (!one_at_a_time)
        return;
    std::vector<std::pair<std::uint64_t, std::shared_ptr<Shop>>> shops; // with the time as it was: it goes on meanwhile
    for (auto& shop : all())
        if (shop->index_in_memory() != nullptr)
            shops.emplace_back(shop->used_at, std::move(shop));
    std::ranges::sort(shops, {}, [](const auto& shop) { return shop.first; });
    bool disk_takes_it = may_save;
    for (std::size_t at = 0; at + 1 < shops.size() && bytes_ > most_bytes_ - most_bytes_ / kept_share; ++at) {
        auto& shop = *shops[at].second;
        if (!shop.is_saved() && disk_takes_it)
            disk_takes_it = try_save(shop);
        if (shop.leave())
            bytes_ -= shop.counted_bytes.exchange(0);
    }
    if (may_save)
        ::malloc_trim(0); // what was never in a file was on the heap
}

bool Shops::try_save(Shop& shop)
{
    try {
        std::uint64_t save = 0;
        {
            const std::shared_lock lock(mutex_);
            save = checkpoint_.save + 1;
        }
        shop.save(save);
        return true;
    } catch (const std::system_error&) {
        return false; // the next whole save says so
    }
}

bool Shops::are_saved() const
{
    {
        const std::shared_lock lock(mutex_);
        if (!is_complete_)
            return false;
    }
    return std::ranges::all_of(all(), [](const auto& shop) { return shop->is_saved(); });
}

std::optional<IndexCheckpoint> Shops::checkpoint() const
{
    const std::shared_lock lock(mutex_);
    return is_complete_ ? std::optional(checkpoint_) : std::nullopt;
}

// The checkpoint goes first: without it no file counts.
void Shops::recreate(std::string id, std::string position)
{
    const std::lock_guard one_at_a_time(saving_);
    const std::unique_lock lock(mutex_);
    shops_.clear();
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

void Shops::save(const std::string& position, std::int64_t at_ms)
{
    if (!folder_)
        return;
    const std::lock_guard one_at_a_time(saving_);
    auto next = [this] {
        const std::shared_lock lock(mutex_);
        return checkpoint_;
    }();
    ++next.save;
    next.previous = std::exchange(next.position, position);
    next.at_ms = at_ms;
    for (const auto& shop : all())
        shop->save(next.save);
    replace_file(*folder_ / checkpoint_name, encode(next));
    const std::unique_lock lock(mutex_);
    checkpoint_ = std::move(next);
    is_complete_ = true;
}

} // namespace estante::search

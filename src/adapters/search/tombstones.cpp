#include "adapters/search/tombstones.hpp"

namespace estante::search {

std::optional<std::uint64_t> Tombstones::version_of(const std::string& book_id) const
{
    const auto found = versions_.find(book_id);
    if (found == versions_.end())
        return std::nullopt;
    return found->second.version;
}

void Tombstones::put(const std::string& book_id, std::uint64_t version)
{
    versions_[book_id] = {version, next_number_};
    oldest_first_.push_back({book_id, next_number_++});
    while (oldest_first_.size() > capacity_) {
        const auto& oldest = oldest_first_.front();
        if (const auto found = versions_.find(oldest.book_id);
            found != versions_.end() && found->second.number == oldest.number)
            versions_.erase(found);
        oldest_first_.pop_front();
    }
}

void Tombstones::erase(const std::string& book_id)
{
    versions_.erase(book_id);
}

std::vector<Tombstone> Tombstones::oldest_first() const
{
    std::vector<Tombstone> tombstones;
    tombstones.reserve(versions_.size());
    for (const auto& put : oldest_first_)
        if (const auto found = versions_.find(put.book_id);
            found != versions_.end() && found->second.number == put.number)
            tombstones.push_back({put.book_id, found->second.version});
    return tombstones;
}

void Tombstones::clear()
{
    versions_.clear();
    oldest_first_.clear();
}

} // namespace estante::search

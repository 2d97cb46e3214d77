// The versions of removed books, so that a late change does not restore one. Only the most recent removals are kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace estante::search {

struct Tombstone {
    std::string book_id{};
    std::uint64_t version = 0;

    bool operator==(const Tombstone&) const = default;
};

class Tombstones {
public:
    explicit Tombstones(std::size_t capacity) : capacity_(capacity) {}

    std::optional<std::uint64_t> version_of(const std::string& book_id) const;
    void put(const std::string& book_id, std::uint64_t version);
    void erase(const std::string& book_id); // the book was indexed again with a higher version
    void clear();
    std::vector<Tombstone> oldest_first() const;
    std::size_t size() const { return versions_.size(); }

private:
    struct Entry {
        std::uint64_t version = 0;
        std::uint64_t number = 0; // distinguishes it from an older one of the same book
    };
    struct Put {
        std::string book_id{};
        std::uint64_t number = 0;
    };

    std::size_t capacity_;
    std::uint64_t next_number_ = 0;
    std::unordered_map<std::string, Entry> versions_;
    std::deque<Put> oldest_first_;
};

} // namespace estante::search

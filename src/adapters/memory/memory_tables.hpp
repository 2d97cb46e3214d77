// Tables, indexes and changes in sorted containers. Without locks and without checks of the calls: MemoryStore does
// both.
#pragma once

#include "ports/change_stream.hpp"
#include "ports/item_store.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace estante::memory {

struct IndexEntry {
    Key index_key;
    Key key;

    auto operator<=>(const IndexEntry&) const = default;
};

class Tables {
public:
    // nullptr for an absent or expired item; valid until the next write.
    const Item* visible(Table table, const Key& key, std::int64_t now_ms) const;
    Page query(const Query& query, std::int64_t now_ms) const;
    Page scan(Table table, std::size_t limit, const std::optional<Cursor>& after, std::int64_t now_ms) const;

    // Writes the item, or deletes it if `item` is empty, and records the change. Returns the partitions that changed,
    // of the table and of its indexes.
    std::vector<std::string> write(Table table, const Key& key, std::optional<Item> item, std::int64_t now_ms);

    // The change at [n] has position n + 1.
    const std::vector<Change>& changes() const { return changes_; }

private:
    struct Sorted {
        std::map<Key, Item> items;
        std::set<IndexEntry> gsi1;
        std::set<IndexEntry> gsi2;
    };
    Sorted tables_[std::size(all_tables)];
    std::vector<Change> changes_;

    const Sorted& of(Table table) const { return tables_[static_cast<std::size_t>(table)]; }
    Sorted& of(Table table) { return tables_[static_cast<std::size_t>(table)]; }
};

} // namespace estante::memory

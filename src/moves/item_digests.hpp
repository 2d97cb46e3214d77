// Counts and digests of items, by which two stores are compared without keeping either in memory.
#pragma once

#include "codec/digest.hpp"
#include "moves/moved_items.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace estante::moves {

// Of a set of items in whatever order: how many, and the sum modulo 2^256 of the SHA-256 of each one's JSON text.
// Adding up keeps two equal items apart from none, which a sum of bits would not.
struct ItemDigest {
    std::int64_t items = 0;
    Digest sum{}; // the least significant byte first

    void add(const Item& item);
    bool operator==(const ItemDigest&) const = default;
};

using TableDigests = std::array<ItemDigest, std::size(all_tables)>; // [Table]
using ItemDigests = std::map<std::string, TableDigests>;            // by tenant

std::int64_t items_of(const TableDigests& tables);

// Reads the whole store. Items that end before `ends_after_s` are left out: between two readings time would take some
// of them. `visit`, when given, sees each item that counts; what it throws ends the reading.
using Visit = std::function<void(Table, const Item&)>;
Task<Moved<ItemDigests>> digest_items(ItemStore& items, Scope scope, std::int64_t ends_after_s, Visit visit = {});

struct Difference {
    std::string tenant;
    Table table;
    ItemDigest from;
    ItemDigest to;
};
std::vector<Difference> differences(const ItemDigests& from, const ItemDigests& to);

} // namespace estante::moves

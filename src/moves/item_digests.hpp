// Counts and digests of items: two stores are compared without loading either into memory.
#pragma once

#include "codec/digest.hpp"
#include "moves/copy_scope.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace estante::moves {

// The count of a set of items, and the sum modulo 2^256 of the SHA-256 of each item's JSON text. The order of the items
// does not matter. Addition is used because with XOR two equal items would cancel out.
struct ItemDigest {
    std::int64_t items = 0;
    Digest sum{}; // little-endian

    void add(const Item& item);
    bool operator==(const ItemDigest&) const = default;
};

using TableDigests = std::array<ItemDigest, std::size(all_tables)>; // [Table]
using ItemDigests = std::map<std::string, TableDigests>;            // by tenant

std::int64_t count_items(const TableDigests& tables);

// Reads the whole store. Items that expire before `expires_after_s` are skipped: some would expire between the reads of
// two stores. `visit` is called with each digested item; an exception of it ends the read.
using Visit = std::function<void(Table, const Item&)>;
Task<Result<ItemDigests, std::string>> digest_items(ItemStore& items, Scope scope, std::int64_t expires_after_s,
                                                    Visit visit = {});

struct Difference {
    std::string tenant;
    Table table;
    ItemDigest from;
    ItemDigest to;
};
std::vector<Difference> differences(const ItemDigests& from, const ItemDigests& to);

} // namespace estante::moves

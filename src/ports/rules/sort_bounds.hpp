// A query as a half-open range of sort positions, for engines that store items in order.
#pragma once

#include "ports/item_store.hpp"

#include <string>

namespace estante {

// The position of an item in a partition: its sort key and, in an index, the key of the item itself (else empty).
struct Place {
    std::string sort{};
    Key tie{};

    auto operator<=>(const Place&) const = default;
};

struct Bounds {
    Place from{}; // inclusive
    Place to{};   // exclusive

    bool empty() const { return from >= to; }
};

// The range that the query reads: its sort keys beyond its cursor, in reading direction. The bounds may not be UTF-8,
// and are only compared as bytes.
Bounds bounds_of(const Query& query);

} // namespace estante

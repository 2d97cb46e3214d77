// A query as one half-open span of places in byte order, for engines that keep their items sorted.
#pragma once

#include "ports/item_store.hpp"

#include <string>

namespace estante {

// Where an item stands within a partition: by its sort key, then, in an index, by its own key (empty in the table).
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

// The places that the query has still to read: its sort keys, beyond its cursor in the direction of reading. The ends
// may be no UTF-8: they are compared as bytes and never shown.
Bounds bounds_of(const Query& query);

} // namespace estante

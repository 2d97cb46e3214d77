// What goes along when shops move to another store, in which order, and in which words a move ends that cannot go on.
#pragma once

#include "domain/ids.hpp"
#include "ports/item_store.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace estante::moves {

// One line in English for whoever runs the platform, when it is not the answer.
template <class T> using Moved = std::expected<T, std::string>;

// The items of all tenants, or of one. Checkpoints of change streams (partition `operator#STREAM` of users) stay: they
// are positions in their own store.
struct Scope {
    std::optional<TenantId> tenant{};

    bool holds(Table table, const Key& key) const;
};

// All markers go before everything else: a processor of the target that sees a purchase there before it knows that it
// was counted would count it twice. Once they are there it leaves the summaries alone, which the source's then replace.
// Of the changes of one reading markers go first too, then summaries.
enum class Rank { marker, summary, other };
inline constexpr Rank all_ranks[] = {Rank::marker, Rank::summary, Rank::other};
Rank rank_of(Table table, const Key& key);

// The item as the target gets it. A shop that moves alone is read-only there until the switch.
Item as_moved(Item item, Table table, const Scope& scope);

} // namespace estante::moves

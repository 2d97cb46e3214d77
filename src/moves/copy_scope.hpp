// Which items a copy to another store includes, in which order they are written, and how they change on the way.
#pragma once

#include "domain/ids.hpp"
#include "ports/item_store.hpp"

#include <optional>
#include <string_view>

namespace estante::moves {

// The items of all tenants, or of one. Without the checkpoints of change streams (partition `operator#STREAM` of
// users): they are positions in the source's own stream.
struct Scope {
    std::optional<TenantId> tenant{};

    bool contains(Table table, const Key& key) const;
};

// Markers of counted purchases are written before everything else: a processor of the target that saw a purchase
// before its marker would count it a second time. With the markers in place it leaves the summaries alone, and those of
// the source can replace them. The changes of one read are written in this order too.
enum class CopyOrder { marker, summary, other };
inline constexpr CopyOrder copy_orders[] = {CopyOrder::marker, CopyOrder::summary, CopyOrder::other};
CopyOrder copy_order_of(Table table, const Key& key);

// The item as it is written to the target. When one tenant moves, its status there is `moving` until the switch.
Item to_target_item(Item item, Table table, const Scope& scope);

} // namespace estante::moves

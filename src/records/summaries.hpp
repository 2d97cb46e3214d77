// Daily summaries (`SUMMARY` / `{yyyy-mm-dd}`) and the markers of the events that they have counted (the purchase's
// partition / `COUNTED#{purchase_id}#{event}`), both in the table purchases.
#pragma once

#include "ports/item_store.hpp"

#include <algorithm>
#include <string_view>

namespace estante {

// Both take keys with their tenant, as the store has them.
inline bool is_daily_summary(Table table, const Key& key)
{
    return table == Table::purchases &&
           std::string_view(key.pk).substr(std::min(key.pk.find('#'), key.pk.size())) == "#SUMMARY";
}

inline bool is_counted_marker(Table table, const Key& key)
{
    return table == Table::purchases && key.sk.starts_with("COUNTED#");
}

} // namespace estante

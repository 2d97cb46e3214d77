// Daily summaries (`SUMMARY` / `{yyyy-mm-dd}`) and the markers of the events that they have counted (the partition of
// the user / `COUNTED#{purchase_id}#{event}`), both in the table purchases. An event is counted in the transaction that
// puts its marker, on condition that there is none: once, however often it is heard of.
#pragma once

#include "domain/day_summary.hpp"
#include "ports/item_store.hpp"
#include "ports/tenant_items.hpp"

#include <string_view>
#include <vector>

namespace estante {

// Both take keys with their tenant, as the store has them.
bool is_daily_summary(Table table, const Key& key);
bool is_counted_marker(Table table, const Key& key);

Key day_summary_key(Day day);
Item to_item(const DaySummary& summary);
DaySummary day_summary_from(const Item& item);

// The figures as they are now, strongly consistent; those of a day without any are all 0, with version 0.
Task<StoreResult<DaySummary>> read_day_summary(TenantItems& items, Day day);
// Of many days, in their order; any number.
Task<StoreResult<std::vector<DaySummary>>> read_day_summaries(TenantItems& items, Period period);

// Stores the summary in place of the one that it was made from, with the version that follows.
Put summary_put(DaySummary summary);

// What can be counted, once each.
Key placed_marker_key(const Purchase& purchase);
Key cancelled_marker_key(const Purchase& purchase);
Key registered_marker_key(const UserId& user);
Put placed_marker_put(const Purchase& purchase, const CountedSale& sale);
Put marker(Key key); // of the others
// What was counted of the purchase.
CountedSale counted_sale_from(const Item& placed_marker_put);

} // namespace estante

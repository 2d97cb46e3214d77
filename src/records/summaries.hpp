// Daily summaries (`SUMMARY` / `{yyyy-mm-dd}`) and the markers of the events that they have counted (the partition of
// the user / `COUNTED#{purchase_id}#{event}`), both in the table `purchases`. The transaction that counts an event also
// puts its marker, on condition that there is none: so each event is counted once, however often it is delivered.
#pragma once

#include "domain/day_summary.hpp"
#include "ports/item_store.hpp"
#include "ports/tenant_items.hpp"

#include <string_view>
#include <vector>

namespace estante {

// Both expect keys as the store has them, with the tenant.
bool is_daily_summary(Table table, const Key& key);
bool is_counted_marker(Table table, const Key& key);

Key day_summary_key(Day day);
Item to_item(const DaySummary& summary);
DaySummary day_summary_from(const Item& item);

// The current summary, strongly consistent. A day without a summary gives zeros with version 0.
Task<StoreResult<DaySummary>> read_day_summary(TenantItems& items, Day day);
// The summaries of all days of a period, in order.
Task<StoreResult<std::vector<DaySummary>>> read_day_summaries(TenantItems& items, Period period);

// Replaces the summary that this one was made from, and advances the version.
Put summary_put(DaySummary summary);

// The events that are counted, once each.
Key placed_marker_key(const Purchase& purchase);
Key cancelled_marker_key(const Purchase& purchase);
Key registered_marker_key(const UserId& user);
Put placed_marker_put(const Purchase& purchase, const CountedSale& sale);
Put marker(Key key); // of an event other than placed
// What the summary counted for the purchase.
CountedSale counted_sale_from(const Item& placed_marker_put);

} // namespace estante

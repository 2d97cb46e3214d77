// Purchases: `user_…` / `PURCHASE#purchase_…` in the table `purchases`, and in its index by time for the whole shop.
#pragma once

#include "domain/purchase.hpp"
#include "ports/item_store.hpp"

#include <cstdint>
#include <optional>

namespace estante {

Key purchase_key(const UserId& user, const PurchaseId& purchase);
bool is_purchase(Table table, const Key& key); // also of a key with its tenant
Item to_item(const Purchase& purchase);
Purchase purchase_from(const Item& item);

// A span of time: from its first to its last millisecond, both included; an absent end is open.
struct TimeSpan {
    std::optional<std::int64_t> first_ms{};
    std::optional<std::int64_t> last_ms{};
};

// Newest first: a user's own, and the shop's.
Query purchases_of(const UserId& user, const TimeSpan& span);
Query purchases_of_shop(const TimeSpan& span);
// Just this one, by what its id says of its place in the shop's index.
Query purchase_by_id(const PurchaseId& purchase);

// Reserves the next `count` purchase numbers of a year; the item it answers then holds the last of them.
Update number_reservation(int year, std::int64_t count);
std::int64_t last_reserved_number(const Item& block);

} // namespace estante

// Purchases: `user_…` / `PURCHASE#purchase_…` in the table `purchases`, and in its index by time for the whole shop.
#pragma once

#include "domain/purchase.hpp"
#include "ports/item_store.hpp"

#include <cstdint>
#include <optional>

namespace estante {

Key purchase_key(const UserId& user, const PurchaseId& purchase);
bool is_purchase(Table table, const Key& key); // with or without the tenant in the key
Item to_item(const Purchase& purchase);
Purchase purchase_from(const Item& item);

// From the first to the last millisecond, both included; without an end it is open.
struct TimeSpan {
    std::optional<std::int64_t> first_ms{};
    std::optional<std::int64_t> last_ms{};
};

// Newest first: the purchases of a user, and of the shop.
Query purchases_of(const UserId& user, const TimeSpan& span);
Query purchases_of_shop(const TimeSpan& span);
// One purchase. Its id contains its position in the shop's index.
Query purchase_by_id(const PurchaseId& purchase);

// Reserves the next `count` purchase numbers of a year. last_reserved_number reads the last one from the updated item.
Update number_reservation(int year, std::int64_t count);
std::int64_t last_reserved_number(const Item& block);

} // namespace estante

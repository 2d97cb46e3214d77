// A cart with all its lines is one item: `user_…` or `guest_…` / `CART` in the table `purchases`.
#pragma once

#include "domain/cart.hpp"
#include "domain/ids.hpp"
#include "ports/item_store.hpp"

#include <variant>

namespace estante {

using CartOwner = std::variant<UserId, GuestId>;

// A guest's cart expires this long after its last change; a user's cart does not expire.
inline constexpr std::int64_t guest_cart_lifetime_s = 30LL * 24 * 3600;

Key cart_key(const CartOwner& owner);
Item to_item(const Cart& cart, const CartOwner& owner);
Cart cart_from(const Item& item);

// Replaces the cart. `cart.version` is already the next one; the action fails if the stored version is not the one
// before.
Put cart_put(const Cart& cart, const CartOwner& owner);

} // namespace estante

// Reads and changes a cart: read it, apply a rule of domain/cart, write it at the version that was read.
#pragma once

#include "domain/caller.hpp"
#include "operations/cart/cart_view.hpp"
#include "operations/idempotency_guard.hpp"
#include "ports/clock.hpp"
#include "records/carts.hpp"

#include <functional>

namespace estante::cart {

// The user, or the guest. Errors: unauthenticated, for a caller who is neither.
Result<CartOwner> cart_owner(const Caller& caller);

// An empty cart with version 0, if there is none.
Task<Result<Cart>> load_cart(TenantItems& items, CartOwner owner);

// Applies `change` to the owner's cart and stores it with the idempotency record; if the cart changed in between, does
// so again with the new cart. Errors: those of `change`; conflict (it kept changing, or another request with this key).
Task<Result<CartView>> change_cart(TenantItems& items, CartOwner owner, Clock& clock,
                                   IdempotencyGuard<CartView> idempotency, std::function<Result<void>(Cart&)> change);

} // namespace estante::cart

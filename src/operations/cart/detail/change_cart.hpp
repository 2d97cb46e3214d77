// Reading a caller's cart and changing it: read, apply a rule of domain/cart, write at the version that was read.
#pragma once

#include "domain/caller.hpp"
#include "operations/cart/cart_view.hpp"
#include "operations/idempotency_guard.hpp"
#include "ports/clock.hpp"
#include "records/carts.hpp"

#include <functional>

namespace estante::cart {

// The user, or the guest. Errors: unauthenticated, for somebody who is neither.
Result<CartOwner> cart_owner(const Caller& caller);

// An empty cart, version 0, if there is none.
Task<Result<Cart>> load_cart(TenantItems& items, CartOwner owner);

// Applies `change` to the owner's cart and stores it together with the record of `once`; again on the cart of then if
// it was changed meanwhile. Errors: those of `change`; conflict (it kept changing, or another request with this key).
Task<Result<CartView>> change_cart(TenantItems& items, CartOwner owner, Clock& clock,
                                   const IdempotencyGuard<CartView>& idempotency,
                                   std::function<Result<void>(Cart&)> change);

} // namespace estante::cart

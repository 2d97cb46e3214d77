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
Result<CartOwner> owner_of(const Caller& caller);

// An empty cart, version 0, if there is none.
Task<Result<Cart>> load_cart(TenantItems& items, CartOwner owner);

// Applies `change` to the owner's cart and stores it together with the idempotency record. If the cart was changed
// meanwhile, it reads the cart again and retries. Errors: those of `change`; conflict (the cart kept changing, or
// another request with the same key has committed).
Task<Result<CartView>> change_cart(TenantItems& items, CartOwner owner, Clock& clock,
                                   IdempotencyGuard<CartView> idempotency, std::function<Result<void>(Cart&)> change);

} // namespace estante::cart

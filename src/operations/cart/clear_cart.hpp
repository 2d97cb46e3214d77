#pragma once

#include "domain/caller.hpp"
#include "operations/cart/cart_view.hpp"
#include "ports/clock.hpp"

namespace estante::cart {

struct ClearCart {};
BOOST_DESCRIBE_STRUCT(ClearCart, (), ())

// Empties the cart; an empty one is not changed. Errors: conflict (the cart kept changing).
Task<Result<Nothing>> clear_cart(const Caller& caller, const ClearCart& request, TenantItems& items, Clock& clock);

} // namespace estante::cart

#pragma once

#include "domain/caller.hpp"
#include "operations/cart/cart_view.hpp"

namespace estante::cart {

struct GetCart {};
BOOST_DESCRIBE_STRUCT(GetCart, (), ())

// The caller's cart; an empty one if the caller has none. Writes nothing.
Task<Result<CartView>> get_cart(const Caller& caller, const GetCart& request, TenantItems& items);

} // namespace estante::cart

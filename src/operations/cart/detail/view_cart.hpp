#pragma once

#include "operations/cart/cart_view.hpp"

namespace estante::cart {

// Reads the stock of the cart's books and the shop's currency.
Task<Result<CartView>> view_cart(TenantItems& items, const Cart& cart);

} // namespace estante::cart

#pragma once

#include "domain/caller.hpp"
#include "operations/cart/cart_view.hpp"
#include "ports/clock.hpp"

namespace estante::cart {

struct SetQuantity {
    BookId book_id;
    Quantity quantity;
};
BOOST_DESCRIBE_STRUCT(SetQuantity, (), (book_id, quantity))

// Sets the quantity of a line and accepts the current price.
// Errors: not_found (the book is not in the cart, or no longer in the shop), conflict (the cart kept changing).
Task<Result<CartView>> set_quantity(const Caller& caller, const SetQuantity& request, TenantItems& items, Clock& clock);

} // namespace estante::cart

#pragma once

#include "domain/caller.hpp"
#include "operations/cart/cart_view.hpp"
#include "ports/clock.hpp"

namespace estante::cart {

struct RemoveFromCart {
    BookId book_id;
};
BOOST_DESCRIBE_STRUCT(RemoveFromCart, (), (book_id))

// Removes a line from the cart. Errors: not_found (the book is not in the cart), conflict (the cart kept changing).
Task<Result<CartView>> remove_from_cart(const Caller& caller, const RemoveFromCart& request, TenantItems& items,
                                        Clock& clock);

} // namespace estante::cart

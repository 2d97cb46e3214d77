#pragma once

#include "domain/caller.hpp"
#include "operations/cart/cart_view.hpp"
#include "operations/idempotency_guard.hpp"
#include "ports/clock.hpp"

namespace estante::cart {

struct AddToCart {
    BookId book_id;
    Or<Quantity, 1> quantity{};
};
BOOST_DESCRIBE_STRUCT(AddToCart, (), (book_id, quantity))

// Adds copies of a book to the caller's cart, or raises the quantity of its line; the line then has the current price.
// Checkout checks whether there are enough copies, and a price at all.
// Errors: not_found (no such book in the shop), invalid (over 99 copies, or a 91st book), conflict (the cart kept
// changing, or another request with this key).
Task<Result<CartView>> add_to_cart(const Caller& caller, const AddToCart& request, TenantItems& items, Clock& clock,
                                   IdempotencyGuard<CartView>& idempotency);

} // namespace estante::cart

#pragma once

#include "domain/cart.hpp"
#include "ports/tenant_items.hpp"

namespace estante::cart {

// What a cart takes down of a book: its title and today's price. Errors: not_found.
Task<Result<CartBook>> find_cart_book(TenantItems& items, BookId book);

} // namespace estante::cart

#pragma once

#include "domain/cart.hpp"
#include "ports/tenant_items.hpp"

namespace estante::cart {

// What a cart line stores of a book: its title and current price. Errors: not_found.
Task<Result<CartBook>> find_cart_book(TenantItems& items, BookId book);

} // namespace estante::cart

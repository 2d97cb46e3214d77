#include "operations/cart/set_quantity.hpp"

#include "operations/cart/detail/change_cart.hpp"
#include "operations/cart/detail/find_cart_book.hpp"

namespace estante::cart {

Task<Result<CartView>> set_quantity(const Caller& caller, const SetQuantity& request, TenantItems& items, Clock& clock)
{
    const auto owner = cart_owner(caller);
    if (!owner)
        co_return std::unexpected(owner.error());
    const auto book = co_await find_cart_book(items, request.book_id);
    if (!book)
        co_return std::unexpected(book.error());
    co_return co_await change_cart(items, *owner, clock, {},
                                   [&](Cart& cart) { return cart.set_quantity(*book, request.quantity.value); });
}

} // namespace estante::cart

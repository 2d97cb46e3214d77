#include "operations/cart/add_to_cart.hpp"

#include "operations/cart/detail/change_cart.hpp"
#include "operations/cart/detail/find_cart_book.hpp"

namespace estante::cart {

Task<Result<CartView>> add_to_cart(const Caller& caller, const AddToCart& request, TenantItems& items, Clock& clock,
                                   IdempotencyGuard<CartView>& idempotency)
{
    const auto owner = cart_owner(caller);
    if (!owner)
        co_return std::unexpected(owner.error());
    const auto book = co_await find_cart_book(items, request.book_id);
    if (!book)
        co_return std::unexpected(book.error());
    co_return co_await change_cart(items, *owner, clock, idempotency,
                                   [&](Cart& cart) { return cart.add(*book, request.quantity.value.value); });
}

} // namespace estante::cart

#include "operations/cart/remove_from_cart.hpp"

#include "operations/cart/detail/change_cart.hpp"

namespace estante::cart {

Task<Result<CartView>> remove_from_cart(const Caller& caller, const RemoveFromCart& request, TenantItems& items,
                                        Clock& clock)
{
    const auto owner = cart_owner(caller);
    if (!owner)
        co_return std::unexpected(owner.error());
    co_return co_await change_cart(items, *owner, clock, {}, [&](Cart& cart) { return cart.remove(request.book_id); });
}

} // namespace estante::cart

#include "operations/cart/get_cart.hpp"

#include "operations/cart/detail/change_cart.hpp"
#include "operations/cart/detail/view_cart.hpp"

namespace estante::cart {

Task<Result<CartView>> get_cart(const Caller& caller, const GetCart&, TenantItems& items)
{
    const auto owner = cart_owner(caller);
    if (!owner)
        co_return co_await view_cart(items, Cart{});
    const auto cart = co_await load_cart(items, *owner);
    if (!cart)
        co_return std::unexpected(cart.error());
    co_return co_await view_cart(items, *cart);
}

} // namespace estante::cart

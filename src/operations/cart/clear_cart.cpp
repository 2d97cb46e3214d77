#include "operations/cart/clear_cart.hpp"

#include "operations/cart/detail/change_cart.hpp"

namespace estante::cart {

Task<Result<Nothing>> clear_cart(const Caller& caller, const ClearCart&, TenantItems& items, Clock& clock)
{
    const auto owner = cart_owner(caller);
    if (!owner)
        co_return Nothing{};
    const auto cart = co_await load_cart(items, *owner);
    if (!cart)
        co_return std::unexpected(cart.error());
    if (cart->lines.empty())
        co_return Nothing{};
    const auto cleared = co_await change_cart(items, *owner, clock, {}, [](Cart& now) {
        now.lines.clear();
        return Result<void>{};
    });
    if (!cleared)
        co_return std::unexpected(cleared.error());
    co_return Nothing{};
}

} // namespace estante::cart

#include "operations/cart/detail/change_cart.hpp"

#include "operations/cart/detail/view_cart.hpp"
#include "operations/detail/if_match.hpp"
#include "operations/detail/retry_limits.hpp"
#include "records/store_failure.hpp"

namespace estante::cart {

Result<CartOwner> cart_owner(const Caller& caller)
{
    if (caller.is_user())
        return caller.user;
    if (!caller.guest.empty())
        return caller.guest;
    return failure(Errc::unauthenticated, "El carrito necesita una sesión o la cabecera X-Cart-Token.",
                   "A cart needs a session or the header X-Cart-Token.");
}

Task<Result<Cart>> load_cart(TenantItems& items, CartOwner owner)
{
    const auto item = co_await items.get(Table::purchases, cart_key(owner));
    if (!item)
        co_return store_failure(item.error());
    if (!*item)
        co_return Cart{};
    co_return cart_from(**item);
}

Task<Result<CartView>> change_cart(TenantItems& items, CartOwner owner, Clock& clock,
                                   IdempotencyGuard<CartView> idempotency, std::function<Result<void>(Cart&)> change)
{
    for (int attempt = 0; attempt < max_cart_attempts; ++attempt) {
        auto cart = co_await load_cart(items, owner);
        if (!cart)
            co_return std::unexpected(cart.error());
        if (auto changed = change(*cart); !changed)
            co_return std::unexpected(changed.error());
        ++cart->version;
        cart->updated_ms = clock.now_ms();
        auto view = co_await view_cart(items, *cart);
        if (!view)
            co_return std::unexpected(view.error());

        std::vector<Action> actions{cart_put(*cart, owner)};
        idempotency.add_record_to(actions, Table::purchases, *view);
        const auto stored = co_await items.transact(std::move(actions));
        if (stored)
            co_return view;
        if (!is_condition_failed(stored.error()))
            co_return store_failure(stored.error());
        if (idempotency.is_recorded_by_another(stored.error()))
            break;
    }
    co_return write_conflict();
}

} // namespace estante::cart

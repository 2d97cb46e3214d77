#include "operations/cart/detail/merge_guest_cart.hpp"

#include "operations/cart/detail/change_cart.hpp"
#include "operations/detail/if_match.hpp"
#include "operations/detail/retry_limits.hpp"
#include "records/store_failure.hpp"

namespace estante::cart {

Task<Result<void>> merge_guest_cart(TenantItems& items, const GuestId& guest, const UserId& user, Clock& clock)
{
    for (int attempt = 0; attempt < max_cart_attempts; ++attempt) {
        const auto guest_cart = co_await load_cart(items, guest);
        if (!guest_cart)
            co_return std::unexpected(guest_cart.error());
        if (guest_cart->version == 0)
            co_return Result<void>{};
        auto user_cart = co_await load_cart(items, user);
        if (!user_cart)
            co_return std::unexpected(user_cart.error());

        std::vector<Action> actions{
            Delete{.table = Table::purchases, .key = cart_key(guest), .conditions = {VersionIs{guest_cart->version}}}};
        if (!guest_cart->lines.empty()) {
            user_cart->merge(*guest_cart);
            ++user_cart->version;
            user_cart->updated_ms = clock.now_ms();
            actions.emplace_back(cart_put(*user_cart, user));
        }
        const auto stored = co_await items.transact(std::move(actions));
        if (stored)
            co_return Result<void>{};
        if (!is_condition_failed(stored.error()))
            co_return store_failure(stored.error());
    }
    co_return write_conflict();
}

} // namespace estante::cart

#include "operations/cart/detail/merge_guest_cart.hpp"

#include "operations/cart/detail/change_cart.hpp"
#include "operations/detail/if_match.hpp"
#include "operations/detail/retry_limits.hpp"
#include "records/store_failure.hpp"

namespace estante::cart {

Task<Result<void>> merge_guest_cart(TenantItems& items, const GuestId& guest, const UserId& user, Clock& clock)
{
    for (int attempt = 0; attempt < max_cart_attempts; ++attempt) {
        const auto theirs = co_await load_cart(items, guest);
        if (!theirs)
            co_return std::unexpected(theirs.error());
        if (theirs->version == 0)
            co_return Result<void>{};
        auto ours = co_await load_cart(items, user);
        if (!ours)
            co_return std::unexpected(ours.error());

        std::vector<Action> actions{
            Delete{.table = Table::purchases, .key = cart_key(guest), .conditions = {VersionIs{theirs->version}}}};
        if (!theirs->lines.empty()) {
            ours->merge(*theirs);
            ++ours->version;
            ours->updated_ms = clock.now_ms();
            actions.emplace_back(cart_put(*ours, user));
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

#include "operations/users/set_role.hpp"

#include "operations/detail/if_match.hpp"
#include "operations/users/detail/account_errors.hpp"
#include "operations/users/detail/load_user.hpp"
#include "records/item_attributes.hpp"
#include "records/store_failure.hpp"
#include "records/tenants.hpp"
#include "records/users.hpp"

namespace estante::users {

Task<Result<Profile>> set_role(const Caller&, const SetRole& request, TenantItems& items, Clock& clock)
{
    const auto user = co_await load_user(request.user_id, items);
    if (!user)
        co_return std::unexpected(user.error());
    const Role role = to_role(request.role);
    if (user->role == role)
        co_return to_profile(*user);

    User after = *user;
    after.role = role;
    ++after.version;
    after.updated_ms = clock.now_ms();
    const auto stored = co_await items.transact({
        Put{.table = Table::users, .item = to_item(after), .conditions = {VersionIs{user->version}}},
        is_staff(role) ? increment_managers() : decrement_managers(),
    });
    if (stored)
        co_return to_profile(after);
    if (!is_condition_failed(stored.error()))
        co_return store_failure(stored.error());
    if (failed_action(stored.error(), 0))
        co_return write_conflict();
    co_return last_manager();
}

} // namespace estante::users

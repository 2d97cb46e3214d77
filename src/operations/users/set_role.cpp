#include "operations/users/set_role.hpp"

#include "operations/if_match.hpp"
#include "operations/users/load_user.hpp"
#include "records/attributes.hpp"
#include "records/store_errors.hpp"
#include "records/tenants.hpp"
#include "records/times.hpp"
#include "records/users.hpp"

namespace estante::users {

Task<Result<Profile>> set_role(const Caller&, const SetRole& request, TenantItems& items, Clock& clock)
{
    const auto user = co_await load_user(request.user_id, items);
    if (!user)
        co_return std::unexpected(user.error());
    const Role role = to_role(request.role);
    if (user->role == role)
        co_return profile_of(*user);

    User after = *user;
    after.role = role;
    ++after.version;
    after.updated_ms = clock.now_ms();
    const auto stored = co_await items.transact({
        Put{.table = Table::users, .item = to_item(after), .conditions = {VersionIs{user->version}}},
        is_staff(role) ? one_manager_more() : one_manager_less(),
    });
    if (stored)
        co_return profile_of(after);
    if (!is_condition_failed(stored.error()))
        co_return store_failure(stored.error());
    if (failed_action(stored.error(), 0))
        co_return write_conflict();
    co_return is_last_manager();
}

std::unexpected<Error> is_last_manager()
{
    return failure(Errc::conflict, "Es la última persona que gestiona la tienda. Nombre antes a otra.",
                   "This is the shop's last manager. Appoint another one first.");
}

} // namespace estante::users

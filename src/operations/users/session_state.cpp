#include "operations/users/session_state.hpp"

#include "records/login_sessions.hpp"
#include "records/tenants.hpp"
#include "records/users.hpp"

namespace estante::users {

Task<StoreResult<std::optional<SessionState>>> load_session_state(TenantItems& items, UserId user_id,
                                                                  SessionId session_id)
{
    const auto session = co_await find_session(items, user_id, std::move(session_id));
    if (!session)
        co_return std::unexpected(session.error());
    const auto user = co_await find_user(items, std::move(user_id));
    if (!user)
        co_return std::unexpected(user.error());
    const auto tenant = co_await find_tenant(items);
    if (!tenant)
        co_return std::unexpected(tenant.error());
    if (!*session || !*user || !*tenant || (*session)->password_version != (*user)->password_version)
        co_return std::nullopt;
    co_return SessionState{.role = (*user)->role, .tenant = (*tenant)->status};
}

} // namespace estante::users

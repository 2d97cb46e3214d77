#include "operations/users/get_user.hpp"

#include "operations/users/detail/load_user.hpp"

namespace estante::users {

Task<Result<Profile>> get_user(const Caller&, const GetUser& request, TenantItems& items)
{
    const auto user = co_await load_user(request.user_id, items);
    if (!user)
        co_return std::unexpected(user.error());
    co_return to_profile(*user);
}

} // namespace estante::users

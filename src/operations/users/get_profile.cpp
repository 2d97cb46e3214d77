#include "operations/users/get_profile.hpp"

#include "operations/users/detail/load_user.hpp"

namespace estante::users {

Task<Result<Profile>> get_profile(const Caller& caller, const GetProfile&, TenantItems& items)
{
    const auto user = co_await load_caller(caller, items);
    if (!user)
        co_return std::unexpected(user.error());
    co_return to_profile(*user);
}

} // namespace estante::users

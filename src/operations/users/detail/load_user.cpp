#include "operations/users/detail/load_user.hpp"

#include "operations/users/detail/account_errors.hpp"
#include "records/store_failure.hpp"
#include "records/users.hpp"

namespace estante::users {

Task<Result<User>> load_caller(const Caller& caller, TenantItems& items)
{
    auto user = co_await find_user(items, caller.user);
    if (!user)
        co_return store_failure(user.error());
    if (!*user)
        co_return account_deleted();
    co_return std::move(**user);
}

Task<Result<User>> load_user(UserId id, TenantItems& items)
{
    auto user = co_await find_user(items, std::move(id));
    if (!user)
        co_return store_failure(user.error());
    if (!*user)
        co_return failure(Errc::not_found, "No existe ningún usuario con ese identificador en esta tienda.",
                          "This shop has no user with that id.");
    co_return std::move(**user);
}

} // namespace estante::users

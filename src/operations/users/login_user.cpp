#include "operations/users/login_user.hpp"

#include "operations/tenants/detail/load_tenant.hpp"
#include "operations/users/detail/new_session.hpp"
#include "records/store_failure.hpp"
#include "records/users.hpp"

namespace estante::users {

Task<Result<SignedIn>> login_user(const Caller& caller, const LoginUser& request, TenantItems& items,
                                  PasswordHasher& hasher, TokenSigner& signer, IdGenerator& ids, Random& random,
                                  Clock& clock)
{
    if (const auto tenant = co_await tenants::load_open_tenant(items); !tenant)
        co_return std::unexpected(tenant.error());

    const auto user = co_await find_user_by_email(items, request.email);
    if (!user)
        co_return store_failure(user.error());
    const auto hash = *user ? (*user)->password_hash : std::string();
    if (!co_await hasher.verify(request.password.value, hash) || !*user)
        co_return failure(Errc::unauthenticated, "El correo o la contraseña no son correctos.",
                          "The e-mail or the password is incorrect.");

    auto session = new_session(caller.tenant, **user, signer, ids, random, clock);
    if (const auto stored = co_await items.put(std::move(session.put)); !stored)
        co_return store_failure(stored.error());
    co_await finish_sign_in(caller, (*user)->id, items, clock);
    co_return std::move(session.response);
}

} // namespace estante::users

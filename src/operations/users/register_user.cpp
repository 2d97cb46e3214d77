#include "operations/users/register_user.hpp"

#include "operations/tenants/detail/load_tenant.hpp"
#include "operations/users/detail/account_errors.hpp"
#include "operations/users/detail/new_account.hpp"
#include "operations/users/detail/new_session.hpp"
#include "records/store_failure.hpp"
#include "records/users.hpp"

namespace estante::users {

Task<Result<Registered>> register_user(const Caller& caller, const RegisterUser& request, TenantItems& items,
                                       PasswordHasher& hasher, TokenSigner& signer, IdGenerator& ids, Random& random,
                                       Clock& clock)
{
    if (!is_shop(caller.tenant))
        co_return tenants::no_such_tenant();
    if (const auto tenant = co_await tenants::load_open_tenant(items); !tenant)
        co_return std::unexpected(tenant.error());

    // Checked first only to save the password hash; the transaction decides.
    const auto claim = co_await items.get(Table::users, email_claim_key(request.email));
    if (!claim)
        co_return store_failure(claim.error());
    if (*claim)
        co_return email_in_use();

    const auto user =
        new_user(request.email, request.name, Role::customer, co_await hasher.hash(request.password.value), ids, clock);
    auto session = new_session(caller.tenant, user, signer, ids, random, clock);
    auto actions = actions_to_create(user);
    actions.emplace_back(std::move(session.put));
    if (const auto stored = co_await items.transact(std::move(actions)); !stored) {
        if (is_condition_failed(stored.error()))
            co_return email_in_use();
        co_return store_failure(stored.error());
    }
    co_await finish_sign_in(caller, user.id, items, clock);
    co_return Registered{std::move(session.response)};
}

} // namespace estante::users

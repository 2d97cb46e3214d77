#include "operations/users/create_user.hpp"

#include "operations/tenants/load_tenant.hpp"
#include "operations/users/new_user.hpp"
#include "records/store_errors.hpp"

namespace estante::users {

Task<Result<Profile>> create_account(const Email& email, const Password& password,
                                     const std::optional<PersonName>& name, Role role, TenantItems& items,
                                     PasswordHasher& hasher, Ids& ids, Clock& clock)
{
    const auto user = new_user(email, name, role, co_await hasher.hash(password.value), ids, clock);
    const auto stored = co_await items.transact(actions_to_create(user));
    if (stored)
        co_return profile_of(user);
    if (is_condition_failed(stored.error()))
        co_return email_is_taken();
    co_return store_failure(stored.error());
}

Task<Result<Profile>> create_user(const CreateUser& request, TenantItems& items, PasswordHasher& hasher, Ids& ids,
                                  Clock& clock)
{
    const auto tenant = co_await tenants::load_tenant(items);
    if (!tenant)
        co_return std::unexpected(tenant.error());
    if (!is_shop(tenant->id))
        co_return tenants::no_such_tenant();
    if (tenant->status == TenantStatus::moving)
        co_return tenants::tenant_is_moving();
    co_return co_await create_account(request.email, request.password, request.name, to_role(request.role), items,
                                      hasher, ids, clock);
}

} // namespace estante::users

#include "operations/users/create_user.hpp"

#include "operations/tenants/detail/load_tenant.hpp"
#include "operations/users/detail/new_account.hpp"

namespace estante::users {

Task<Result<Profile>> create_user(const CreateUser& request, TenantItems& items, PasswordHasher& hasher,
                                  IdGenerator& ids, Clock& clock)
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

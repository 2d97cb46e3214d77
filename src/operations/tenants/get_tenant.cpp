#include "operations/tenants/get_tenant.hpp"

#include "operations/tenants/detail/load_tenant.hpp"

namespace estante::tenants {

Task<Result<TenantView>> get_tenant(const Caller&, const GetTenant& request, AllItems& all)
{
    if (!is_shop(request.tenant_id))
        co_return no_such_tenant();
    auto items = all.of(request.tenant_id);
    const auto tenant = co_await load_tenant(items);
    if (!tenant)
        co_return std::unexpected(tenant.error());
    co_return to_view(*tenant);
}

} // namespace estante::tenants

#include "operations/tenants/load_tenant.hpp"

#include "records/store_errors.hpp"
#include "records/tenants.hpp"

namespace estante::tenants {

Task<Result<Tenant>> load_tenant(TenantItems& items)
{
    auto tenant = co_await find_tenant(items);
    if (!tenant)
        co_return store_failure(tenant.error());
    if (!*tenant)
        co_return no_such_tenant();
    co_return std::move(**tenant);
}

Task<Result<Tenant>> load_open_tenant(TenantItems& items)
{
    auto tenant = co_await load_tenant(items);
    if (tenant && tenant->status == TenantStatus::suspended)
        co_return tenant_is_suspended();
    co_return tenant;
}

std::unexpected<Error> no_such_tenant()
{
    return failure(Errc::not_found, "No existe ninguna tienda con ese identificador.",
                   "There is no shop with that id.");
}

std::unexpected<Error> tenant_is_suspended()
{
    return failure(Errc::forbidden, "La tienda está suspendida. Diríjase a quien administra la plataforma.",
                   "The shop is suspended. Contact whoever runs the platform.");
}

} // namespace estante::tenants

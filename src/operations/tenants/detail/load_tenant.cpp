#include "operations/tenants/detail/load_tenant.hpp"

#include "records/store_failure.hpp"
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

Task<Result<Tenant>> load_open_tenant(TenantItems& items, Use use)
{
    auto tenant = co_await load_tenant(items);
    if (tenant) {
        if (auto open = check_open(tenant->status, use); !open)
            co_return std::unexpected(std::move(open.error()));
    }
    co_return tenant;
}

std::unexpected<Error> no_such_tenant()
{
    return failure(Errc::not_found, "No existe ninguna tienda con ese identificador.",
                   "There is no shop with that id.");
}

std::unexpected<Error> tenant_is_moving()
{
    auto moving =
        failure(Errc::unavailable,
                "La tienda se está trasladando y solo admite lecturas. Vuelva a intentarlo dentro de 5 segundos.",
                "The shop is being moved and accepts only reads. Try again in 5 seconds.");
    moving.error().retry_after_s = 5;
    return moving;
}

} // namespace estante::tenants

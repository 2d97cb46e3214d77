#include "operations/tenants/check_open.hpp"

#include "operations/tenants/detail/load_tenant.hpp"

namespace estante::tenants {

Result<void> check_open(TenantStatus status, Use use)
{
    if (status == TenantStatus::suspended)
        return failure(Errc::forbidden, "La tienda está suspendida. Diríjase a quien administra la plataforma.",
                       "The shop is suspended. Contact the platform's operator.");
    if (status == TenantStatus::moving && use == Use::write)
        return tenant_is_moving();
    return {};
}

} // namespace estante::tenants

#include "operations/tenants/suspend_tenant.hpp"

#include "operations/tenants/detail/set_tenant_status.hpp"

namespace estante::tenants {

Task<Result<TenantView>> suspend_tenant(const Caller&, const SuspendTenant& request, AllItems& all, Clock& clock)
{
    co_return co_await set_tenant_status(request.tenant_id, TenantStatus::suspended, all, clock);
}

} // namespace estante::tenants

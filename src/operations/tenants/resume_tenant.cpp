#include "operations/tenants/resume_tenant.hpp"

#include "operations/tenants/detail/set_tenant_status.hpp"

namespace estante::tenants {

Task<Result<TenantView>> resume_tenant(const Caller&, const ResumeTenant& request, AllItems& all, Clock& clock)
{
    co_return co_await set_tenant_status(request.tenant_id, TenantStatus::active, all, clock);
}

} // namespace estante::tenants

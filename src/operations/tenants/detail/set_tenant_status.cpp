#include "operations/tenants/detail/set_tenant_status.hpp"

#include "operations/detail/if_match.hpp"
#include "operations/tenants/detail/load_tenant.hpp"
#include "records/store_failure.hpp"
#include "records/tenants.hpp"

namespace estante::tenants {

Task<Result<TenantView>> set_tenant_status(TenantId id, TenantStatus status, AllItems& all, Clock& clock)
{
    if (!is_shop(id))
        co_return no_such_tenant();
    auto items = all.of(id);
    const auto tenant = co_await load_tenant(items);
    if (!tenant)
        co_return std::unexpected(tenant.error());
    if (tenant->status == status)
        co_return to_view(*tenant);

    const auto stored = co_await items.update(tenant_status_update(status, clock.now_ms()));
    if (stored)
        co_return to_view(tenant_from(*stored));
    if (is_condition_failed(stored.error()))
        co_return write_conflict();
    co_return store_failure(stored.error());
}

} // namespace estante::tenants

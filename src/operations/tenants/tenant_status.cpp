#include "operations/tenants/tenant_status.hpp"

#include "operations/if_match.hpp"
#include "operations/tenants/load_tenant.hpp"
#include "records/store_errors.hpp"
#include "records/tenants.hpp"

namespace estante::tenants {

Task<Result<TenantView>> set_status(TenantId id, TenantStatus status, AllItems& all, Clock& clock)
{
    if (!is_shop(id))
        co_return no_such_tenant();
    auto items = all.of(id);
    const auto tenant = co_await load_tenant(items);
    if (!tenant)
        co_return std::unexpected(tenant.error());
    if (tenant->status == status)
        co_return view_of(*tenant);

    const auto stored = co_await items.update(with_status(status, clock.now_ms()));
    if (stored)
        co_return view_of(tenant_from(*stored));
    if (is_condition_failed(stored.error()))
        co_return write_conflict();
    co_return store_failure(stored.error());
}

} // namespace estante::tenants

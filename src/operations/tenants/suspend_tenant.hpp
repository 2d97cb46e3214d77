#pragma once

#include "domain/result.hpp"
#include "operations/tenants/tenant_view.hpp"
#include "ports/clock.hpp"
#include "ports/tenant_items.hpp"

namespace estante::tenants {

struct SuspendTenant {
    TenantId tenant_id{};
};
BOOST_DESCRIBE_STRUCT(SuspendTenant, (), (tenant_id))

// Suspends a shop: every request for it then gets 403, and its data stays. A suspended shop is not changed.
// Errors: not_found.
Task<Result<TenantView>> suspend_tenant(const Caller& caller, const SuspendTenant& request, AllItems& all,
                                        Clock& clock);

} // namespace estante::tenants

#pragma once

#include "domain/result.hpp"
#include "operations/tenants/tenant_view.hpp"
#include "ports/clock.hpp"
#include "ports/tenant_items.hpp"

namespace estante::tenants {

// Sets the status of a shop. A shop that already has this status keeps its version. Errors: not_found.
Task<Result<TenantView>> set_tenant_status(TenantId id, TenantStatus status, AllItems& all, Clock& clock);

} // namespace estante::tenants

// The tenant in whose name an operation runs.
#pragma once

#include "domain/result.hpp"
#include "domain/tenant.hpp"
#include "operations/tenants/check_open.hpp"
#include "ports/tenant_items.hpp"

namespace estante::tenants {

// The tenant of these items, whatever its status. Errors: not_found.
Task<Result<Tenant>> load_tenant(TenantItems& items);

// The tenant of these items if it is open for this use. Errors: not_found, and those of check_open.
Task<Result<Tenant>> load_open_tenant(TenantItems& items, Use use = Use::write);

// 404 for every tenant that is not there, whatever was asked of it.
std::unexpected<Error> no_such_tenant();

// 503 for every change in a shop that moves.
std::unexpected<Error> tenant_is_moving();

} // namespace estante::tenants

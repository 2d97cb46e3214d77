// The tenant in whose name an operation runs.
#pragma once

#include "domain/result.hpp"
#include "domain/tenant.hpp"
#include "ports/tenant_items.hpp"

namespace estante::tenants {

// The tenant of these items, open or suspended. Errors: not_found.
Task<Result<Tenant>> load_tenant(TenantItems& items);

// The tenant of these items if it is open. Errors: not_found, forbidden (suspended).
Task<Result<Tenant>> load_open_tenant(TenantItems& items);

// 404 for every tenant that is not there, whatever was asked of it.
std::unexpected<Error> no_such_tenant();

// 403 for everything in a suspended shop.
std::unexpected<Error> tenant_is_suspended();

} // namespace estante::tenants

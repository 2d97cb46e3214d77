// Loads the tenant that an operation works in.
#pragma once

#include "domain/result.hpp"
#include "domain/tenant.hpp"
#include "operations/tenants/check_open.hpp"
#include "ports/tenant_items.hpp"

namespace estante::tenants {

// The tenant of these items in any status. Errors: not_found.
Task<Result<Tenant>> load_tenant(TenantItems& items);

// The tenant of these items if it accepts such a request. Errors: not_found, and those of check_open.
Task<Result<Tenant>> load_open_tenant(TenantItems& items, Use use = Use::write);

// 404. The same error for a tenant that does not exist and for the platform itself.
std::unexpected<Error> no_such_tenant();

// 503: a write in a shop that is being moved.
std::unexpected<Error> tenant_is_moving();

} // namespace estante::tenants

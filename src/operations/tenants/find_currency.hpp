#pragma once

#include "domain/result.hpp"
#include "domain/tenant.hpp"
#include "ports/tenant_items.hpp"

namespace estante::tenants {

// The currency of the shop. Errors: not_found.
Task<Result<Currency>> find_currency(TenantItems& items);

} // namespace estante::tenants

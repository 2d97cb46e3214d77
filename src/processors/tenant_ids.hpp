// The ids of all tenants, for work that visits each of them.
#pragma once

#include "domain/ids.hpp"
#include "ports/tenant_items.hpp"

#include <vector>

namespace estante {

// In ascending order.
Task<StoreResult<std::vector<TenantId>>> read_tenant_ids(AllItems items);

} // namespace estante

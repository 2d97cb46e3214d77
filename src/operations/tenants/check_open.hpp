#pragma once

#include "domain/result.hpp"
#include "domain/tenant.hpp"

namespace estante::tenants {

// Whether a request changes a shop. A shop that is being moved only accepts reads.
enum class Use { read, write };

// Whether a shop in this status accepts such a request. The gateway checks every request.
// Errors: forbidden (suspended), unavailable (a write while the shop is being moved).
Result<void> check_open(TenantStatus status, Use use);

} // namespace estante::tenants

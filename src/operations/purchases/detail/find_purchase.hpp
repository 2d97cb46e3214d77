#pragma once

#include "domain/caller.hpp"
#include "domain/purchase.hpp"
#include "domain/result.hpp"
#include "ports/tenant_items.hpp"

namespace estante::purchases {

// A purchase that the caller may see: their own, or for a manager any of the shop's. Strongly consistent; only somebody
// else's purchase of the last moments may not be found yet. Errors: not_found, also for what is not the caller's.
Task<Result<Purchase>> find_purchase(TenantItems& items, const Caller& caller, PurchaseId purchase);

} // namespace estante::purchases

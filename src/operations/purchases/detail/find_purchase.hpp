#pragma once

#include "domain/caller.hpp"
#include "domain/purchase.hpp"
#include "domain/result.hpp"
#include "ports/tenant_items.hpp"

namespace estante::purchases {

// A purchase that the caller may see: their own, or any of the shop's for a manager. Strongly consistent, except that a
// manager may not find another user's purchase in the first moments after it was made.
// Errors: not_found, also for a purchase that the caller may not see.
Task<Result<Purchase>> find_purchase(TenantItems& items, const Caller& caller, PurchaseId purchase);

} // namespace estante::purchases

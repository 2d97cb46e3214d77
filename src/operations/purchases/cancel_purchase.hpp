#pragma once

#include "domain/caller.hpp"
#include "operations/idempotency_guard.hpp"
#include "operations/purchases/purchase_view.hpp"
#include "ports/clock.hpp"
#include "ports/tenant_items.hpp"

namespace estante::purchases {

struct CancelPurchase {
    PurchaseId purchase_id;
};
BOOST_DESCRIBE_STRUCT(CancelPurchase, (), (purchase_id))

// Cancels a purchase that is neither shipped nor collected, and returns its copies to the stock of the books that still
// exist, in one transaction. For its customer or a manager.
// Errors: not_found, conflict (it is shipped, collected or already cancelled, or another request with this key),
// unavailable (the stock kept changing).
Task<Result<PurchaseView>> cancel_purchase(const Caller& caller, const CancelPurchase& request, TenantItems& items,
                                           Clock& clock, IdempotencyGuard<PurchaseView>& idempotency);

} // namespace estante::purchases

#pragma once

#include "domain/caller.hpp"
#include "operations/purchases/purchase_view.hpp"
#include "ports/tenant_items.hpp"

namespace estante::purchases {

struct GetPurchase {
    PurchaseId purchase_id;
};
BOOST_DESCRIBE_STRUCT(GetPurchase, (), (purchase_id))

// A customer's own purchase, or for a manager any of the shop's. Errors: not_found.
Task<Result<PurchaseView>> get_purchase(const Caller& caller, const GetPurchase& request, TenantItems& items);

} // namespace estante::purchases

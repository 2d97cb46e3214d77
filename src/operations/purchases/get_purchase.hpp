#pragma once

#include "domain/caller.hpp"
#include "operations/purchases/purchase_view.hpp"
#include "ports/tenant_items.hpp"

namespace estante::purchases {

struct GetPurchase {
    PurchaseId purchase_id;
};
BOOST_DESCRIBE_STRUCT(GetPurchase, (), (purchase_id))

// The customer's own purchase, or any of the shop's for a manager. Errors: not_found.
Task<Result<PurchaseView>> get_purchase(const Caller& caller, const GetPurchase& request, TenantItems& items);

} // namespace estante::purchases

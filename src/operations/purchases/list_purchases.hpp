#pragma once

#include "domain/caller.hpp"
#include "operations/purchases/purchase_view.hpp"
#include "ports/tenant_items.hpp"

namespace estante::purchases {

struct ListPurchases {
    std::optional<PurchaseStatus> status{};
    std::optional<Timestamp> from{}; // included
    std::optional<Timestamp> to{};   // not included
    std::optional<PageToken> cursor{};
    PageLimit limit{};
};
BOOST_DESCRIBE_STRUCT(ListPurchases, (), (status, from, to, cursor, limit))

// Newest first: a customer's own purchases, for a manager those of the whole shop. A page with a status may hold fewer
// than its limit, or none, and still have a next one. Errors: invalid (`to` is not after `from`).
Task<Result<ListOf<PurchaseView>>> list_purchases(const Caller& caller, const ListPurchases& request,
                                                  TenantItems& items);

} // namespace estante::purchases

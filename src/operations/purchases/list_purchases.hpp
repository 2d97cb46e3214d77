#pragma once

#include "domain/caller.hpp"
#include "operations/purchases/purchase_view.hpp"
#include "ports/tenant_items.hpp"

namespace estante::purchases {

struct ListPurchases {
    std::optional<PurchaseStatus> status{};
    std::optional<Timestamp> from{}; // inclusive
    std::optional<Timestamp> to{};   // exclusive
    std::optional<PageToken> cursor{};
    PageLimit limit{};
};
BOOST_DESCRIBE_STRUCT(ListPurchases, (), (status, from, to, cursor, limit))

// Newest first: the customer's own purchases, or those of the whole shop for a manager. A page with a status can have
// fewer than its limit, or none, and still a next one. Errors: invalid (`to` is not after `from`).
Task<Result<ListOf<PurchaseView>>> list_purchases(const Caller& caller, const ListPurchases& request,
                                                  TenantItems& items);

} // namespace estante::purchases

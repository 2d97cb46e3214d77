#pragma once

#include "domain/caller.hpp"
#include "operations/purchases/purchase_view.hpp"
#include "ports/clock.hpp"
#include "ports/tenant_items.hpp"

namespace estante::purchases {

struct SetStatus {
    PurchaseId purchase_id;
    std::optional<IfMatch> if_match{};
    PurchaseStatus status = PurchaseStatus::placed;
};
BOOST_DESCRIBE_STRUCT(SetStatus, (), (purchase_id, if_match, status))

// Moves a purchase to its next status: placed → paid, ready, shipped; paid → ready, shipped; ready → paid, collected,
// shipped; cancelled → refunded. The current status changes nothing.
// Errors: not_found, version_mismatch, conflict (any other transition, or the purchase changed at the same time).
Task<Result<PurchaseView>> set_status(const Caller& caller, const SetStatus& request, TenantItems& items, Clock& clock);

} // namespace estante::purchases

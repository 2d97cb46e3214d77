#include "operations/purchases/set_status.hpp"

#include "operations/detail/if_match.hpp"
#include "operations/purchases/detail/find_purchase.hpp"
#include "operations/purchases/detail/purchase_update.hpp"
#include "records/item_attributes.hpp"
#include "records/store_failure.hpp"

#include <fmt/format.h>

namespace estante::purchases {

namespace {

std::unexpected<Error> invalid_transition(PurchaseStatus from, PurchaseStatus to)
{
    const bool cancels = to == PurchaseStatus::cancelled;
    return failure(Errc::conflict,
                   fmt::format("Una compra en estado «{}» no puede pasar a «{}».{}", enum_text(from), enum_text(to),
                               cancels ? " Para anularla use POST …/cancel." : ""),
                   fmt::format("A purchase that is {} cannot become {}.{}", enum_text(from), enum_text(to),
                               cancels ? " To cancel it use POST …/cancel." : ""));
}

} // namespace

Task<Result<PurchaseView>> set_status(const Caller& caller, const SetStatus& request, TenantItems& items, Clock& clock)
{
    const auto purchase = co_await find_purchase(items, caller, request.purchase_id);
    if (!purchase)
        co_return std::unexpected(purchase.error());
    if (auto current = check_version(request.if_match, purchase->version); !current)
        co_return std::unexpected(current.error());
    if (purchase->status == request.status)
        co_return to_view(*purchase);
    if (!can_become(purchase->status, request.status))
        co_return invalid_transition(purchase->status, request.status);

    const auto changed = with_status(*purchase, request.status, clock.now_ms());
    const auto stored = co_await items.put(purchase_put(changed));
    if (stored)
        co_return to_view(changed);
    if (is_condition_failed(stored.error()))
        co_return write_conflict(request.if_match);
    co_return store_failure(stored.error());
}

} // namespace estante::purchases

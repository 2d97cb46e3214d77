#include "operations/purchases/get_purchase.hpp"

#include "operations/purchases/detail/find_purchase.hpp"

namespace estante::purchases {

Task<Result<PurchaseView>> get_purchase(const Caller& caller, const GetPurchase& request, TenantItems& items)
{
    const auto purchase = co_await find_purchase(items, caller, request.purchase_id);
    if (!purchase)
        co_return std::unexpected(purchase.error());
    co_return to_view(*purchase);
}

} // namespace estante::purchases

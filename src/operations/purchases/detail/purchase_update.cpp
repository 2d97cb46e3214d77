#include "operations/purchases/detail/purchase_update.hpp"

#include "records/purchases.hpp"

namespace estante::purchases {

Purchase with_status(Purchase purchase, PurchaseStatus status, std::int64_t now_ms)
{
    purchase.status = status;
    purchase.updated_ms = now_ms;
    ++purchase.version;
    return purchase;
}

Put purchase_put(const Purchase& changed)
{
    return {.table = Table::purchases, .item = to_item(changed), .conditions = {VersionIs{changed.version - 1}}};
}

} // namespace estante::purchases

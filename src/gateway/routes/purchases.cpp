#include "gateway/routes/tables.hpp"
#include "operations/purchases/cancel_purchase.hpp"
#include "operations/purchases/checkout.hpp"
#include "operations/purchases/get_purchase.hpp"
#include "operations/purchases/list_purchases.hpp"
#include "operations/purchases/set_status.hpp"

namespace estante::routes {

using namespace estante::purchases;
using enum Access;
using enum Method;

std::span<const Route> purchases()
{
    static constexpr Route table[] = {
        route<&checkout>("checkout", post, "/v1/purchases", customer, "Buy what is in the cart",
                         {.idempotency_table = Table::purchases, .creates = true}),
        route<&list_purchases>("list_purchases", get, "/v1/purchases", customer,
                               "The caller's purchases; a manager sees the shop's"),
        route<&get_purchase>("get_purchase", get, "/v1/purchases/{purchase_id}", customer, "One purchase"),
        route<&cancel_purchase>("cancel_purchase", post, "/v1/purchases/{purchase_id}/cancel", customer,
                                "Cancel a purchase that has not been shipped or collected",
                                {.idempotency_table = Table::purchases}),
        route<&set_status>("set_status", put, "/v1/purchases/{purchase_id}/status", manager,
                           "Set the status of a purchase"),
    };
    return table;
}

} // namespace estante::routes

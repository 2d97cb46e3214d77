#include "gateway/routes/tables.hpp"
#include "operations/cart/add_to_cart.hpp"
#include "operations/cart/clear_cart.hpp"
#include "operations/cart/get_cart.hpp"
#include "operations/cart/remove_from_cart.hpp"
#include "operations/cart/set_quantity.hpp"

namespace estante::routes {

using namespace estante::cart;
using enum Access;
using enum Method;

std::span<const Route> cart()
{
    static constexpr Route table[] = {
        route<&get_cart>("get_cart", get, "/v1/cart", shopper,
                         "The cart, with current prices beside the prices when books were added"),
        route<&clear_cart>("clear_cart", delete_, "/v1/cart", shopper, "Empty the cart"),
        route<&add_to_cart>("add_to_cart", post, "/v1/cart/items", shopper, "Add copies of a book to the cart",
                            {.idempotency_table = Table::purchases, .issues_guest_token = true}),
        route<&set_quantity>("set_quantity", put, "/v1/cart/items/{book_id}", shopper,
                             "Set a line's quantity and accept its current price", {.issues_guest_token = true}),
        route<&remove_from_cart>("remove_from_cart", delete_, "/v1/cart/items/{book_id}", shopper,
                                 "Remove a line from the cart"),
    };
    return table;
}

} // namespace estante::routes

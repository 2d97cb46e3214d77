#include "gateway/routes/tables.hpp"
#include "operations/shop/get_shop.hpp"

namespace estante::routes {

using enum Access;
using enum Method;

std::span<const Route> shop()
{
    static constexpr Route table[] = {
        route<&shop::get_shop>("get_shop", get, "/v1/shop", anyone,
                               "The shop's name, language, currency, VAT rate and delivery", {.is_public = true}),
    };
    return table;
}

} // namespace estante::routes

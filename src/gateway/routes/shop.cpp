#include "gateway/routes/tables.hpp"
#include "operations/books/list_categories.hpp"
#include "operations/shop/get_shop.hpp"

namespace estante::routes {

using enum Access;
using enum Method;

std::span<const Route> shop()
{
    static constexpr Route table[] = {
        route<&shop::get_shop>(get, "/v1/shop", anyone, "The shop's name, language, currency, VAT rate and delivery",
                               {.shared = true}),
        route<&books::list_categories>(get, "/v1/categories", anyone, "Categories with the number of their books",
                                       {.shared = true}),
    };
    return table;
}

} // namespace estante::routes

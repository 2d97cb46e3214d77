#include "operations/cart/cart_view.hpp"

#include <fmt/format.h>

namespace estante::cart {

namespace {

// FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/): the same on every machine.
std::uint64_t fnv1a(std::string_view text)
{
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return hash;
}

} // namespace

std::string CartView::etag() const
{
    std::string state = currency.value;
    for (const CartLineView& line : items)
        fmt::format_to(std::back_inserter(state), ";{},{}", line.current_price ? to_string(*line.current_price) : "",
                       line.in_stock);
    return fmt::format("{}.{:016x}", version, fnv1a(state));
}

} // namespace estante::cart

#include "operations/cart/cart_view.hpp"

#include "operations/books/find_book.hpp"
#include "records/stock.hpp"
#include "records/store_errors.hpp"

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

Task<Result<CartView>> view_cart(TenantItems& items, const Cart& cart)
{
    const auto currency = co_await books::currency_of_shop(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    CartView view{.items = {}, .total = cart.total(), .currency = *currency, .version = cart.version};
    if (cart.lines.empty())
        co_return view;

    std::vector<Key> keys;
    keys.reserve(cart.lines.size());
    for (const CartLine& line : cart.lines)
        keys.push_back(stock_key(line.book_id));
    const auto stocks = co_await items.batch_get(Table::books, std::move(keys));
    if (!stocks)
        co_return store_failure(stocks.error());
    for (std::size_t i = 0; i < cart.lines.size(); ++i) {
        const CartLine& line = cart.lines[i];
        CartLineView shown{.book_id = line.book_id,
                           .title = line.title,
                           .quantity = line.quantity,
                           .unit_price = line.unit_price,
                           .current_price = std::nullopt,
                           .in_stock = false,
                           .subtotal = line.subtotal()};
        if (const auto& item = (*stocks)[i]) {
            const Stock stock = stock_from(*item).stock;
            shown.current_price = stock.price;
            shown.in_stock = stock.in_stock();
        }
        view.items.push_back(std::move(shown));
    }
    co_return view;
}

} // namespace estante::cart

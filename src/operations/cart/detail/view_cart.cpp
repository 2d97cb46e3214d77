#include "operations/cart/detail/view_cart.hpp"

#include "operations/tenants/find_currency.hpp"
#include "records/books_with_stock.hpp"
#include "records/store_failure.hpp"

namespace estante::cart {

Task<Result<CartView>> view_cart(TenantItems& items, const Cart& cart)
{
    const auto currency = co_await tenants::find_currency(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    CartView view{.items = {}, .total = cart.total(), .currency = *currency, .version = cart.version};
    if (cart.lines.empty())
        co_return view;

    const auto stocks = co_await read_stocks(items, book_ids(cart.lines));
    if (!stocks)
        co_return store_failure(stocks.error());
    for (std::size_t i = 0; i < cart.lines.size(); ++i) {
        const CartLine& line = cart.lines[i];
        CartLineView line_view{.book_id = line.book_id,
                               .title = line.title,
                               .quantity = line.quantity,
                               .unit_price = line.unit_price,
                               .current_price = std::nullopt,
                               .in_stock = false,
                               .subtotal = line.subtotal()};
        if (const auto& stock = (*stocks)[i]) {
            line_view.current_price = stock->price;
            line_view.in_stock = stock->in_stock();
        }
        view.items.push_back(std::move(line_view));
    }
    co_return view;
}

} // namespace estante::cart

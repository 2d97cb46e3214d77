#include "operations/purchases/detail/checkout_lines.hpp"

#include "records/store_failure.hpp"

#include <fmt/format.h>

namespace estante::purchases {

namespace {

RefusedLine refused_line(const CartLine& line, const std::optional<Stock>& stock)
{
    std::optional<std::int64_t> current;
    if (stock && stock->price)
        current = stock->price->cents;
    return {.book_id = line.book_id.value,
            .title = line.title,
            .quantity = static_cast<int>(line.quantity),
            .unit_price_cents = line.unit_price.value_or(Money{}).cents,
            .current_price_cents = current};
}

bool is_short(const CartLine& line, const std::optional<Stock>& stock)
{
    return !stock || !stock->price || stock->on_hand < line.quantity;
}

std::unexpected<Error> refused(Errc code, Phrase detail, std::vector<RefusedLine> lines)
{
    auto error = failure(code, std::move(detail.es), std::move(detail.en));
    error.error().lines = std::move(lines);
    return error;
}

} // namespace

Task<Result<std::vector<std::optional<Stock>>>> read_stock(TenantItems& items, const Cart& cart)
{
    std::vector<Key> keys;
    keys.reserve(cart.lines.size());
    for (const CartLine& line : cart.lines)
        keys.push_back(stock_key(line.book_id));
    const auto found = co_await items.batch_get(Table::books, std::move(keys));
    if (!found)
        co_return store_failure(found.error());
    std::vector<std::optional<Stock>> stock(found->size());
    for (std::size_t i = 0; i < stock.size(); ++i) {
        if (const auto& item = (*found)[i])
            stock[i] = stock_from(*item).stock;
    }
    co_return stock;
}

Result<void> check_lines(const Cart& cart, const std::vector<std::optional<Stock>>& stock,
                         const std::optional<Money>& expected_total)
{
    std::vector<RefusedLine> all;
    std::vector<RefusedLine> shortages;
    std::vector<RefusedLine> repriced;
    for (std::size_t i = 0; i < cart.lines.size(); ++i) {
        const CartLine& line = cart.lines[i];
        auto shown = refused_line(line, stock[i]);
        if (is_short(line, stock[i]))
            shortages.push_back(shown);
        else if (stock[i]->price != line.unit_price)
            repriced.push_back(shown);
        all.push_back(std::move(shown));
    }
    if (!shortages.empty())
        return refused(Errc::out_of_stock,
                       {"No hay ejemplares suficientes de los libros indicados, o ya no están a la venta.",
                        "There are not enough copies of the books named, or they are no longer for sale."},
                       std::move(shortages));
    if (!repriced.empty())
        return refused(
            Errc::price_changed,
            {"Ha cambiado el precio de los libros indicados. Acéptelo fijando de nuevo su cantidad en el carrito.",
             "The price of the books named has changed. Accept it by setting their quantity in the cart again."},
            std::move(repriced));
    if (expected_total && *expected_total != cart.total())
        return refused(
            Errc::price_changed,
            {fmt::format("El carrito suma {}, no {}.", to_string(cart.total()), to_string(*expected_total)),
             fmt::format("The cart comes to {}, not {}.", to_string(cart.total()), to_string(*expected_total))},
            std::move(all));
    return {};
}

} // namespace estante::purchases

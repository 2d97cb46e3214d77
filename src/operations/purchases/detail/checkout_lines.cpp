#include "operations/purchases/detail/checkout_lines.hpp"

#include <fmt/format.h>

namespace estante::purchases {

namespace {

RefusedLine to_refused_line(const CartLine& line, const std::optional<Stock>& stock)
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

std::unexpected<Error> lines_error(Errc code, Phrase detail, std::vector<RefusedLine> lines)
{
    auto error = failure(code, std::move(detail.es), std::move(detail.en));
    error.error().lines = std::move(lines);
    return error;
}

} // namespace

Result<void> check_lines(const Cart& cart, const std::vector<std::optional<Stock>>& stock,
                         const std::optional<Money>& expected_total)
{
    std::vector<RefusedLine> all;
    std::vector<RefusedLine> shortages;
    std::vector<RefusedLine> repriced;
    for (std::size_t i = 0; i < cart.lines.size(); ++i) {
        const CartLine& line = cart.lines[i];
        auto refused_line = to_refused_line(line, stock[i]);
        if (is_short(line, stock[i]))
            shortages.push_back(refused_line);
        else if (stock[i]->price != line.unit_price)
            repriced.push_back(refused_line);
        all.push_back(std::move(refused_line));
    }
    if (!shortages.empty())
        return lines_error(Errc::out_of_stock,
                           {"No hay ejemplares suficientes de los libros indicados, o ya no están a la venta.",
                            "There are not enough copies of the books named, or they are no longer for sale."},
                           std::move(shortages));
    if (!repriced.empty())
        return lines_error(
            Errc::price_changed,
            {"Ha cambiado el precio de los libros indicados. Acéptelo fijando de nuevo su cantidad en el carrito.",
             "The price of the books named has changed. Accept it by setting their quantity in the cart again."},
            std::move(repriced));
    if (expected_total && *expected_total != cart.total())
        return lines_error(Errc::price_changed,
                           {fmt::format("El carrito suma {}, no {}. Muéstrelo de nuevo al cliente.",
                                        to_string(cart.total()), to_string(*expected_total)),
                            fmt::format("The total of the cart is {}, not {}. Show it to the customer again.",
                                        to_string(cart.total()), to_string(*expected_total))},
                           std::move(all));
    return {};
}

} // namespace estante::purchases

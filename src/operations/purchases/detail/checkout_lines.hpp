// Checks the lines of a cart against the current stock.
#pragma once

#include "domain/cart.hpp"
#include "domain/result.hpp"

#include <optional>
#include <vector>

namespace estante::purchases {

// Whether the cart can be bought unchanged, given the stock of each line (nothing for a deleted book).
// Errors: out_of_stock, price_changed, each with all lines that it is about. A shortage comes first, because accepting
// a price does not help there.
Result<void> check_lines(const Cart& cart, const std::vector<std::optional<Stock>>& stock,
                         const std::optional<Money>& expected_total);

} // namespace estante::purchases

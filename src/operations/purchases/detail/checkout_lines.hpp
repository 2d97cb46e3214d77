// A cart's lines against the stock of now.
#pragma once

#include "domain/cart.hpp"
#include "domain/result.hpp"
#include "ports/tenant_items.hpp"
#include "records/stock.hpp"

#include <optional>
#include <vector>

namespace estante::purchases {

// The stock of each line, in their order; nothing for a book that is gone. One read.
Task<Result<std::vector<std::optional<Stock>>>> read_stock(TenantItems& items, const Cart& cart);

// Whether the cart can be bought as it is. Errors: out_of_stock, price_changed, each naming all the lines it is about;
// a shortage comes first, since no consent to a price helps there.
Result<void> check_lines(const Cart& cart, const std::vector<std::optional<Stock>>& stock,
                         const std::optional<Money>& expected_total);

} // namespace estante::purchases

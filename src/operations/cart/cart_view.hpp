// A cart as the API shows it: each line with the price when it was added and the current price.
#pragma once

#include "codec/shapes.hpp"
#include "domain/cart.hpp"
#include "domain/result.hpp"
#include "domain/tenant.hpp"
#include "ports/tenant_items.hpp"

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace estante::cart {

struct CartLineView {
    BookId book_id;
    std::string title;
    std::int64_t quantity = 1;
    std::optional<Money> unit_price;    // at the last add or PUT; absent: the book had no price
    std::optional<Money> current_price; // absent: the book was deleted or has no price
    bool in_stock = false;
    Money subtotal; // at unit_price

    bool operator==(const CartLineView&) const = default;
};
BOOST_DESCRIBE_STRUCT(CartLineView, (), (book_id, title, quantity, unit_price, current_price, in_stock, subtotal))

struct CartView {
    std::vector<CartLineView> items;
    Money total; // the sum of the subtotals; checkout takes it as expected_total
    Currency currency;
    std::int64_t version = 0;

    // Also changes when the current price or stock of a line changes.
    std::string etag() const;
    bool operator==(const CartView&) const = default;
};
BOOST_DESCRIBE_STRUCT(CartView, (), (items, total, currency, version))

} // namespace estante::cart

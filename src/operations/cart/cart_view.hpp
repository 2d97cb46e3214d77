// A cart as the API shows it: each line at the price it was added at, and beside it what the book costs now.
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
    std::optional<Money> unit_price;    // of the last add or PUT; absent: the book had no price then
    std::optional<Money> current_price; // absent: the book is gone or has no price
    bool in_stock = false;
    Money subtotal; // at unit_price

    bool operator==(const CartLineView&) const = default;
};
BOOST_DESCRIBE_STRUCT(CartLineView, (), (book_id, title, quantity, unit_price, current_price, in_stock, subtotal))

struct CartView {
    std::vector<CartLineView> items;
    Money total; // the sum of the subtotals: what checkout takes as expected_total
    Currency currency;
    std::int64_t version = 0;

    // Also changes when a line's price or stock does.
    std::string etag() const;
    bool operator==(const CartView&) const = default;
};
BOOST_DESCRIBE_STRUCT(CartView, (), (items, total, currency, version))

} // namespace estante::cart

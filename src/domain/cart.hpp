// A cart: the books that a customer intends to buy, each line at the price that they saw last. It reserves no stock.
#pragma once

#include "domain/book.hpp"
#include "domain/ids.hpp"
#include "domain/limited.hpp"
#include "domain/money.hpp"
#include "domain/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace estante {

// The data of a book that a cart line is made from.
struct CartBook {
    BookId id;
    std::string title;
    std::optional<Money> price; // absent: the book is not for sale; a cart may hold it, checkout refuses it
};

struct CartLine {
    BookId book_id;
    std::string title;
    std::int64_t quantity = 1;         // 1 to max_quantity
    std::optional<Money> unit_price{}; // at the last add or set_quantity

    Money subtotal() const { return unit_price.value_or(Money{}) * quantity; }
    bool operator==(const CartLine&) const = default;
};

struct Cart {
    static constexpr std::size_t max_lines = 90; // checkout is one transaction of at most 100 actions
    static constexpr std::int64_t max_quantity = Quantity::max;

    std::vector<CartLine> lines; // in the order in which the books were first added
    std::int64_t version = 0;    // 0: never stored
    std::int64_t updated_ms = 0;

    // Adds copies to the book's line, or adds a line. Sets title and price to the book's current ones.
    // Errors: invalid (more than max_quantity copies, or more than max_lines lines); the cart is then unchanged.
    Result<void> add(const CartBook& book, std::int64_t quantity);
    // Sets a line's quantity, and its title and price to the book's current ones. Errors: not_found (no such line).
    Result<void> set_quantity(const CartBook& book, std::int64_t quantity);
    // Errors: not_found (no such line).
    Result<void> remove(const BookId& book);
    // Merges another cart of the same person. Quantities of a book in both are added, up to max_quantity, with the
    // other's title and price, which are newer. Lines beyond max_lines are left out.
    void merge(const Cart& other);

    const CartLine* line_of(const BookId& book) const;
    Money total() const;

    bool operator==(const Cart&) const = default;
};

} // namespace estante

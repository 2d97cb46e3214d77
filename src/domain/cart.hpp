// A cart: what somebody means to buy, each line at the price that they last saw. A cart reserves nothing.
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

// What a line needs to know of a book when it is added.
struct CartBook {
    BookId id;
    std::string title;
    std::optional<Money> price; // absent: the book is not for sale yet; it may lie in a cart, checkout refuses it
};

struct CartLine {
    BookId book_id;
    std::string title;
    std::int64_t quantity = 1;         // 1 to max_quantity
    std::optional<Money> unit_price{}; // of the last add or set_quantity

    Money subtotal() const { return unit_price.value_or(Money{}) * quantity; }
    bool operator==(const CartLine&) const = default;
};

struct Cart {
    static constexpr std::size_t max_lines = 90; // checkout is one transaction of at most 100 actions
    static constexpr std::int64_t max_quantity = Quantity::max;

    std::vector<CartLine> lines; // in the order in which the books were first added
    std::int64_t version = 0;    // 0: never stored
    std::int64_t updated_ms = 0;

    // Adds copies; a line already there is raised. Title and price become the book's of now.
    // Errors: invalid (more than 99 copies of one book, or a 91st line); the cart is then as before.
    Result<void> add(const CartBook& book, std::int64_t quantity);
    // Sets a line's quantity and accepts the book's price of now. Errors: not_found (no such line).
    Result<void> set_quantity(const CartBook& book, std::int64_t quantity);
    // Errors: not_found (no such line).
    Result<void> remove(const BookId& book);
    // Takes in another cart of the same person: quantities of a book in both are added, at most 99, at the other's
    // title and price, which are the later ones; lines beyond the 90th are left out.
    void merge(const Cart& other);

    const CartLine* line_of(const BookId& book) const;
    Money total() const;

    bool operator==(const Cart&) const = default;
};

} // namespace estante

// Stock and price, the item `book_…` / `STOCK`, and the ways in which it changes.
//
// Every change advances `version`; a changed price, and on_hand going to or from 0, also advance
// `availability_version`. An update states on which stock it rests by conditions on on_hand or the price alone, so that
// sales of a book do not disturb each other while there are enough copies: whoever's update fails reads again and makes
// a new one.
#pragma once

#include "domain/book.hpp"
#include "ports/item_store.hpp"

#include <optional>

namespace estante {

// The last change by hand, and who made it.
struct Adjustment {
    std::int64_t delta = 0;
    std::string reason{};
    UserId user_id{};
    std::int64_t at_ms = 0;

    bool operator==(const Adjustment&) const = default;
};

// The stock of one book, and what else its item knows.
struct StockRecord {
    BookId book_id;
    Stock stock;
    std::optional<Isbn> isbn{}; // the book's, so that ids alone lead to entries
    std::optional<Adjustment> adjustment{};

    bool operator==(const StockRecord&) const = default;
};

Key stock_key(const BookId& book);
bool is_stock(const Key& key);
Item to_item(const StockRecord& record);
StockRecord stock_from(const Item& item);

// Takes copies at a price; `seen` has at least as many. Fails when the price has changed, when fewer are left, and when
// the sale would now reach 0 but did not as seen, or the reverse.
Update sale_update(const BookId& book, const Stock& seen, Money price, std::int64_t copies);
// Brings copies. Fails when there is no such book, or on_hand went to or from 0 since it was seen.
Update arrival_update(const BookId& book, const Stock& seen, std::int64_t copies);
// Takes copies that were lost, damaged or counted wrong; `seen` has at least as many. Fails as a sale does, whatever
// the price.
Update loss_update(const BookId& book, const Stock& seen, std::int64_t copies);
// Sets on_hand. Fails on any change since.
Update count_update(const BookId& book, const Stock& seen, std::int64_t on_hand);
// A change beside the copies: begin with `stock_update`, then say what changes. Fails when there is no such book.
Update stock_update(const BookId& book);
// Sets or removes the price. Fails when the price has changed since it was seen.
void set_price(Update& change, const Stock& seen, std::optional<Money> price);
void set_isbn(Update& change, const std::optional<Isbn>& isbn);
void set_adjustment(Update& change, const Adjustment& adjustment);

// Holds while availability_version is the one seen.
Condition availability_is(std::int64_t availability_version);

// `seen` as an update makes it.
Stock with_on_hand(Stock seen, std::int64_t on_hand);
Stock with_price(Stock seen, std::optional<Money> price);

} // namespace estante

// Stock and price, the item `book_…` / `STOCK`, and its updates.
//
// Every change advances `version`; a changed price, and on_hand going to or from 0, also advance
// `availability_version`. The condition of an update concerns only on_hand or the price, so that sales of a book do not
// conflict while there are enough copies. If an update fails, read the stock again and make a new one.
#pragma once

#include "domain/book.hpp"
#include "ports/item_store.hpp"

#include <optional>

namespace estante {

// The last manual adjustment and who made it.
struct Adjustment {
    std::int64_t delta = 0;
    std::string reason{};
    UserId user_id{};
    std::int64_t at_ms = 0;

    bool operator==(const Adjustment&) const = default;
};

// The stock of a book and the other attributes of its item.
struct StockRecord {
    BookId book_id;
    Stock stock;
    std::optional<Isbn> isbn{}; // the book's; needed to find the entry by the book's id alone
    std::optional<Adjustment> adjustment{};

    bool operator==(const StockRecord&) const = default;
};

Key stock_key(const BookId& book);
bool is_stock(const Key& key);
Item to_item(const StockRecord& record);
StockRecord stock_from(const Item& item);

// Removes copies that are sold at a price; `seen` has at least as many. Fails if the price has changed, if fewer copies
// are left, or if the sale now reaches 0 but would not have as seen, or the reverse.
Update sale_update(const BookId& book, const Stock& seen, Money price, std::int64_t copies);
// Adds copies. Fails if there is no such book, or on_hand went to or from 0 since it was read.
Update arrival_update(const BookId& book, const Stock& seen, std::int64_t copies);
// Removes copies that were lost, damaged or miscounted; `seen` has at least as many. Fails like a sale, but at any
// price.
Update loss_update(const BookId& book, const Stock& seen, std::int64_t copies);
// Sets on_hand. Fails if the stock changed since it was read.
Update count_update(const BookId& book, const Stock& seen, std::int64_t on_hand);
// An update of other attributes: start with `stock_update`, then add the changes. Fails if there is no such book.
Update stock_update(const BookId& book);
// Sets or removes the price. Fails if the price has changed since it was read.
void set_price(Update& change, const Stock& seen, std::optional<Money> price);
void set_isbn(Update& change, const std::optional<Isbn>& isbn);
void set_adjustment(Update& change, const Adjustment& adjustment);

// True while availability_version is this one.
Condition availability_is(std::int64_t availability_version);

// `seen` after an update.
Stock with_on_hand(Stock seen, std::int64_t on_hand);
Stock with_price(Stock seen, std::optional<Money> price);

} // namespace estante

// The actions by which a book comes, changes and goes, all its items together, for one transaction: at most 60.
#pragma once

#include "codec/shapes.hpp"
#include "domain/result.hpp"
#include "records/books_with_stock.hpp"

#include <optional>
#include <vector>

namespace estante::books {

// At most 50 contributors and 50 subjects. Errors: invalid.
Result<void> check(const BookEntry& entry);

void add_create_actions(std::vector<Action>& actions, const Book& book, const Stock& stock);

// What a book shall become: `entry` and `price` as they are then, `book` and `stock` as they were read. What stays as
// it is writes nothing: answers nothing then, else the book as the transaction makes it. With `if_match` the
// transaction also rests on the stock's availability as it was read.
std::optional<StockedBook> add_replace_actions(std::vector<Action>& actions, const StockedBook& before, BookEntry entry,
                                               std::optional<Money> price, const std::optional<IfMatch>& if_match,
                                               std::int64_t now_ms);

void add_delete_actions(std::vector<Action>& actions, const StockedBook& book, const std::optional<IfMatch>& if_match);

// Errors: version_mismatch, when If-Match names another state than this one.
Result<void> check_etag(const std::optional<IfMatch>& if_match, const StockedBook& book);

// What it means that such a transaction was refused. already_exists: another book, which it names, has the ISBN in this
// condition. Otherwise the book changed meanwhile: version_mismatch with If-Match, conflict without.
std::unexpected<Error> book_write_error(const StoreError& error, const BookEntry& entry,
                                        const std::optional<IfMatch>& if_match = std::nullopt);

} // namespace estante::books

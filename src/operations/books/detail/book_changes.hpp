// The actions that create, change and delete a book with all its items in one transaction: at most 60 of them.
#pragma once

#include "codec/shapes.hpp"
#include "domain/result.hpp"
#include "records/books_with_stock.hpp"

#include <optional>
#include <vector>

namespace estante::books {

// At most 50 contributors and 50 subjects. Errors: invalid.
Result<void> check_entry(const BookEntry& entry);

void add_create_actions(std::vector<Action>& actions, const Book& book, const Stock& stock);

// Replaces the entry and price of `before`, which is the book as it was read. Items that do not change are not written:
// if none changes, returns nothing, else the book as the transaction makes it. With `if_match` the transaction also
// requires the availability version that was read.
std::optional<StockedBook> add_replace_actions(std::vector<Action>& actions, const StockedBook& before, BookEntry entry,
                                               std::optional<Money> price, const std::optional<IfMatch>& if_match,
                                               std::int64_t now_ms);

void add_delete_actions(std::vector<Action>& actions, const StockedBook& book, const std::optional<IfMatch>& if_match);

// Errors: version_mismatch, if If-Match names another version of the book.
Result<void> check_etag(const std::optional<IfMatch>& if_match, const StockedBook& book);

// The error when such a transaction fails. already_exists: another book, which the text names, has the ISBN in this
// condition. Otherwise the book changed at the same time: version_mismatch with If-Match, conflict without.
std::unexpected<Error> book_write_error(const StoreError& error, const BookEntry& entry,
                                        const std::optional<IfMatch>& if_match = std::nullopt);

// Says that `holder` has the ISBN of `entry` in its condition.
Phrase isbn_in_use(const BookEntry& entry, const BookId& holder);

} // namespace estante::books

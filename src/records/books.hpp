// The items of a book in the table `books`: its entry, one item for each further contributor, and its claims. The stock
// has its own item (records/stock.hpp).
#pragma once

#include "domain/book.hpp"
#include "ports/item_store.hpp"

#include <string_view>
#include <vector>

namespace estante {

// The entry: `book_…` / `BOOK#{isbn13}`, or `BOOK#-` for a book without an ISBN.
Key entry_key(const BookId& book, const std::optional<Isbn>& isbn);
bool is_entry(const Key& key);
Item to_item(const Book& book);
Book book_from(const Item& item);

// Claims: which book has an ISBN in a condition, and which book was imported under a source id, {source}:{id}.
Key isbn_claim_key(const Isbn& isbn, BookCondition condition);
bool is_isbn_claim(const Key& key);
Key source_claim_key(std::string_view source);
Item source_claim(const Book& book);
BookId claimed_book(const Item& claim);
// The digest of the row that the book was last imported from.
void set_digest(Item& source_claim, std::string_view digest);
std::string_view digest_of(const Item& source_claim); // empty if there is none
Condition digest_is(std::string_view digest);

// All items but the stock: the entry first, then the contributors after the first, then the claims.
std::vector<Item> items_of(const Book& book);

// Books by category or contributor, in the order of their ids. claimed_book reads the book's id from each item.
Query books_in_category(std::string_view category);
Query books_by_author(std::string_view author);
// All entries of a shop, by category.
Query all_entries();

} // namespace estante

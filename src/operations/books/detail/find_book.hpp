// Books and the shop's currency, for the operations that answer with books.
#pragma once

#include "domain/result.hpp"
#include "operations/books/book_view.hpp"
#include "ports/tenant_items.hpp"

#include <vector>

namespace estante::books {

// Errors: not_found.
Task<Result<StockedBook>> find_book(TenantItems& items, BookId book);
// The book that holds the ISBN in this condition. Errors: not_found.
Task<Result<StockedBook>> find_book_by_isbn(TenantItems& items, Isbn isbn, BookCondition condition);
// The views of up to 100 books in the order of the ids; what is gone is left out, what is named twice is there once.
Task<Result<std::vector<BookView>>> find_views(TenantItems& items, std::vector<BookId> books);
// The same for who knows the shop's currency.
Task<Result<std::vector<BookView>>> find_views(TenantItems& items, std::vector<BookId> books, Currency currency);
// Errors: not_found.
Task<Result<StockRecord>> find_stock(TenantItems& items, BookId book);

std::unexpected<Error> no_such_book();

} // namespace estante::books

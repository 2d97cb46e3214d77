// Reads books and stocks.
#pragma once

#include "domain/result.hpp"
#include "operations/books/book_view.hpp"
#include "ports/tenant_items.hpp"

#include <vector>

namespace estante::books {

// Errors: not_found.
Task<Result<StockedBook>> find_book(TenantItems& items, BookId book);
// The book that has the ISBN in this condition. Errors: not_found.
Task<Result<StockedBook>> find_book_by_isbn(TenantItems& items, Isbn isbn, BookCondition condition);
// The views of up to 100 books in the order of the ids. Deleted books are left out; an id that comes twice gives one
// view.
Task<Result<std::vector<BookView>>> find_views(TenantItems& items, std::vector<BookId> books);
// The same if the caller already knows the shop's currency.
Task<Result<std::vector<BookView>>> find_views(TenantItems& items, std::vector<BookId> books, Currency currency);
// Errors: not_found.
Task<Result<StockRecord>> find_stock(TenantItems& items, BookId book);

std::unexpected<Error> no_such_book();

} // namespace estante::books

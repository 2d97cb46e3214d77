#pragma once

#include "operations/books/book_view.hpp"

namespace estante::books {

struct GetBook {
    BookId book_id;
};
BOOST_DESCRIBE_STRUCT(GetBook, (), (book_id))

// Errors: not_found.
Task<Result<BookView>> get_book(const Caller& caller, const GetBook& request, TenantItems& items);

} // namespace estante::books

#pragma once

#include "operations/books/book_view.hpp"

namespace estante::books {

struct GetBookByIsbn {
    Isbn isbn;
    Or<BookCondition, BookCondition::new_> condition{};
};
BOOST_DESCRIBE_STRUCT(GetBookByIsbn, (), (isbn, condition))

// Errors: not_found.
Task<Result<BookView>> get_book_by_isbn(const Caller& caller, const GetBookByIsbn& request, TenantItems& items);

} // namespace estante::books

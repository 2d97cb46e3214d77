#pragma once

#include "operations/books/book_view.hpp"
#include "ports/clock.hpp"
#include "ports/id_generator.hpp"

namespace estante::books {

// `isbn` comes from the path; `condition` selects among the books with this ISBN.
struct PutBookByIsbn : BookEntry {
    std::optional<IfMatch> if_match{};
    std::optional<Money> price{}; // absent: unchanged
};
BOOST_DESCRIBE_STRUCT(PutBookByIsbn, (BookEntry), (if_match, price))

struct PutBook : BookView {
    bool created = false;

    int status_code() const { return created ? 201 : 200; }
};
BOOST_DESCRIBE_STRUCT(PutBook, (BookView), ())

// Replaces the entry of the book with this ISBN and condition, or creates the book with no copies on hand.
// Errors: invalid, version_mismatch (also if If-Match was sent and there is no such book), conflict (the book was
// changed, created or deleted at the same time).
Task<Result<PutBook>> put_book_by_isbn(const Caller& caller, const PutBookByIsbn& request, TenantItems& items,
                                       Clock& clock, IdGenerator& ids);

} // namespace estante::books

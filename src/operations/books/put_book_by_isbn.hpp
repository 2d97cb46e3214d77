#pragma once

#include "operations/books/book_view.hpp"
#include "ports/clock.hpp"
#include "ports/id_generator.hpp"

namespace estante::books {

// `isbn` is the path's; `condition` says which of the ISBN's books is meant.
struct PutBookByIsbn : BookEntry {
    std::optional<IfMatch> if_match{};
    std::optional<Money> price{}; // absent: stays as it is
};
BOOST_DESCRIBE_STRUCT(PutBookByIsbn, (BookEntry), (if_match, price))

struct PutBook : BookView {
    bool created = false;

    int status_code() const { return created ? 201 : 200; }
};
BOOST_DESCRIBE_STRUCT(PutBook, (BookView), ())

// Replaces the entry of the book with this ISBN and condition, or adds the book, with no copies on hand.
// Errors: invalid, version_mismatch (also: If-Match was sent and there is no such book), conflict (the book changed,
// came or went meanwhile).
Task<Result<PutBook>> put_book_by_isbn(const Caller& caller, const PutBookByIsbn& request, TenantItems& items,
                                       Clock& clock, Ids& ids);

} // namespace estante::books

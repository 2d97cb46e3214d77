#pragma once

#include "operations/books/book_view.hpp"
#include "operations/idempotency_guard.hpp"
#include "ports/clock.hpp"
#include "ports/id_generator.hpp"

namespace estante::books {

struct CreateBook : BookEntry {
    std::optional<Money> price{}; // absent: not for sale yet
    Or<Int<0, Stock::max_on_hand>, 0> on_hand{};
};
BOOST_DESCRIBE_STRUCT(CreateBook, (BookEntry), (price, on_hand))

// Adds a book to the catalogue. Errors: invalid, already_exists (another book has this ISBN in this condition),
// conflict (another request with this key).
Task<Result<BookView>> create_book(const Caller& caller, const CreateBook& request, TenantItems& items, Clock& clock,
                                   IdGenerator& ids, IdempotencyGuard<BookView>& idempotency);

} // namespace estante::books

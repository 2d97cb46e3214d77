#pragma once

#include "codec/shapes.hpp"
#include "domain/book.hpp"
#include "domain/result.hpp"
#include "ports/tenant_items.hpp"

namespace estante::books {

struct DeleteBook {
    BookId book_id;
    std::optional<IfMatch> if_match{};
};
BOOST_DESCRIBE_STRUCT(DeleteBook, (), (book_id, if_match))

// Deletes a book from the catalogue, with its stock and its claims on ISBN and import source. Carts may still contain
// it; their checkout then fails.
// Errors: not_found, version_mismatch, conflict (the book changed at the same time).
Task<Result<Nothing>> delete_book(const Caller& caller, const DeleteBook& request, TenantItems& items);

} // namespace estante::books

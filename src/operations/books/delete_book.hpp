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

// Takes a book out of the catalogue, with its stock, its ISBN and the name it was imported under. Carts may still hold
// it; their checkout is refused. Errors: not_found, version_mismatch, conflict (the book changed meanwhile).
Task<Result<Nothing>> delete_book(const Caller& caller, const DeleteBook& request, TenantItems& items);

} // namespace estante::books

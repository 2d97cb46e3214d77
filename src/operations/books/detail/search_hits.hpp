#pragma once

#include "domain/result.hpp"
#include "operations/books/book_view.hpp"
#include "ports/search_index.hpp"

#include <vector>

namespace estante::books {

std::vector<BookId> ids_of_hits(const SearchPage& page);

// The hits as the store has them now. The index can lag behind, so a deleted book is left out.
Task<Result<std::vector<BookView>>> views_of_hits(TenantItems& items, const SearchPage& page);

Nullable<PageToken> to_page_token(const SearchPage& page);

} // namespace estante::books

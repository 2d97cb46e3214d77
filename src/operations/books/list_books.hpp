#pragma once

#include "operations/books/book_sort.hpp"
#include "operations/books/book_view.hpp"

#include <vector>

namespace estante::books {

struct ListBooks {
    std::optional<Text<1, 100>> category{};
    std::optional<Text<1, 200>> author{}; // the exact name of a contributor
    std::vector<BookId> ids{};            // at most 100; not combined with anything else
    std::optional<bool> in_stock{};
    std::optional<Timestamp> updated_since{};
    Or<BookSort, BookSort::relevance> sort{};
    std::optional<PageToken> cursor{};
    PageLimit limit{};
};
BOOST_DESCRIBE_STRUCT(ListBooks, (), (category, author, ids, in_stock, updated_since, sort, cursor, limit))

// Books by id, in the requested order and without deleted ones; or a page of the shop's books. A category or an author
// alone reads the store, in the order of ids; everything else queries the search index. A page can have fewer books
// than its limit and still a next one. Errors: invalid (ids with other filters, over 100 ids).
Task<Result<ListOf<BookView>>> list_books(const Caller& caller, const ListBooks& request, TenantItems& items,
                                          SearchIndex& index);

} // namespace estante::books

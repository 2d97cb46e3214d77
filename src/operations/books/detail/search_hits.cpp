#include "operations/books/detail/search_hits.hpp"

#include "operations/books/detail/find_book.hpp"

namespace estante::books {

std::vector<BookId> ids_of_hits(const SearchPage& page)
{
    std::vector<BookId> books;
    books.reserve(page.hits.size());
    for (const SearchHit& hit : page.hits)
        books.push_back({hit.book_id});
    return books;
}

Task<Result<std::vector<BookView>>> views_of_hits(TenantItems& items, const SearchPage& page)
{
    co_return co_await find_views(items, ids_of_hits(page));
}

Nullable<PageToken> to_page_token(const SearchPage& page)
{
    if (!page.next)
        return {};
    return {PageToken{*page.next}};
}

} // namespace estante::books

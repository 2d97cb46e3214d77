#include "operations/books/search_hits.hpp"

#include "operations/books/find_book.hpp"

namespace estante::books {

Task<Result<std::vector<BookView>>> views_of_hits(TenantItems& items, const SearchPage& page)
{
    std::vector<BookId> books;
    books.reserve(page.hits.size());
    for (const SearchHit& hit : page.hits)
        books.push_back({hit.book_id});
    co_return co_await find_views(items, std::move(books));
}

Nullable<PageToken> page_token_of(const SearchPage& page)
{
    if (!page.next)
        return {};
    return {PageToken{*page.next}};
}

} // namespace estante::books

#include "operations/books/list_books.hpp"

#include "operations/books/detail/find_book.hpp"
#include "operations/books/detail/search_hits.hpp"
#include "records/page_token.hpp"
#include "records/store_failure.hpp"

#include <fmt/format.h>

namespace estante::books {

namespace {

constexpr std::size_t max_ids = 100;

bool has_only_ids(const ListBooks& request)
{
    return !request.category && !request.author && !request.in_stock && !request.updated_since && !request.cursor &&
           request.sort.value == BookSort::relevance;
}

bool is_answered_by_store(const ListBooks& request)
{
    return request.category.has_value() != request.author.has_value() && !request.in_stock && !request.updated_since &&
           request.sort.value == BookSort::relevance;
}

Task<Result<ListOf<BookView>>> list_by_ids(TenantItems& items, const ListBooks& request)
{
    if (!has_only_ids(request))
        co_return invalid("?ids", "not_combinable", "«ids» no se combina con otros filtros, orden ni cursor: quítelos.",
                          "“ids” cannot be combined with other filters, a sort or a cursor: leave them out.");
    if (request.ids.size() > max_ids)
        co_return invalid("?ids", "too_long",
                          fmt::format("«ids» admite {} identificadores y tiene {}.", max_ids, request.ids.size()),
                          fmt::format("“ids” takes at most {} ids and has {}.", max_ids, request.ids.size()));
    auto views = co_await find_views(items, request.ids);
    if (!views)
        co_return std::unexpected(views.error());
    co_return ListOf<BookView>{.items = std::move(*views), .next_cursor = {}};
}

Task<Result<ListOf<BookView>>> list_from_store(TenantItems& items, const ListBooks& request)
{
    auto query = request.category ? books_in_category(request.category->value) : books_by_author(request.author->value);
    query.limit = static_cast<std::size_t>(request.limit.value.value);
    query.after = to_cursor(request.cursor);
    const auto page = co_await items.query(std::move(query));
    if (!page)
        co_return store_failure(page.error());
    std::vector<BookId> books;
    for (const Item& item : page->items)
        books.push_back(claimed_book(item));
    auto views = co_await find_views(items, std::move(books));
    if (!views)
        co_return std::unexpected(views.error());
    co_return ListOf<BookView>{.items = std::move(*views), .next_cursor = to_page_token(page->next)};
}

SearchQuery query_of(const ListBooks& request)
{
    SearchQuery query{.in_stock = request.in_stock,
                      .sort = search_sort(request.sort.value),
                      .limit = static_cast<std::size_t>(request.limit.value.value),
                      .facets = false};
    if (request.category)
        query.category = request.category->value;
    if (request.author)
        query.author = request.author->value;
    if (request.updated_since)
        query.updated_since_ms = request.updated_since->ms;
    if (request.cursor)
        query.after = request.cursor->text;
    return query;
}

Task<Result<ListOf<BookView>>> list_from_index(const Caller& caller, TenantItems& items, SearchIndex& index,
                                               const ListBooks& request)
{
    const auto page = co_await index.search(caller.tenant, query_of(request));
    if (!page)
        co_return std::unexpected(page.error());
    auto views = co_await views_of_hits(items, *page);
    if (!views)
        co_return std::unexpected(views.error());
    co_return ListOf<BookView>{.items = std::move(*views), .next_cursor = to_page_token(*page)};
}

} // namespace

Task<Result<ListOf<BookView>>> list_books(const Caller& caller, const ListBooks& request, TenantItems& items,
                                          SearchIndex& index)
{
    if (!request.ids.empty())
        co_return co_await list_by_ids(items, request);
    if (is_answered_by_store(request))
        co_return co_await list_from_store(items, request);
    co_return co_await list_from_index(caller, items, index, request);
}

} // namespace estante::books

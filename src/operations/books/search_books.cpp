#include "operations/books/search_books.hpp"

#include "operations/books/search_hits.hpp"

namespace estante::books {

namespace {

Result<void> check(const SearchBooks& request)
{
    std::vector<Fault> faults;
    const auto backwards = [&](std::string pointer, std::string_view from) {
        faults.push_back(
            {std::move(pointer),
             "out_of_range",
             {"Es menor que «" + std::string(from) + "».", "It is less than “" + std::string(from) + "”."}});
    };
    if (request.min_price && request.max_price && *request.max_price < *request.min_price)
        backwards("?max_price", "min_price");
    if (request.year_from && request.year_to && request.year_to->value < request.year_from->value)
        backwards("?year_to", "year_from");
    if (!faults.empty())
        return invalid(std::move(faults));
    return {};
}

SearchQuery query_of(const SearchBooks& request)
{
    SearchQuery query{.text = request.q ? request.q->value : "",
                      .in_stock = request.in_stock,
                      .sort = search_sort(request.sort.value),
                      .limit = static_cast<std::size_t>(request.limit.value.value)};
    if (request.category)
        query.category = request.category->value;
    if (request.language)
        query.language = request.language->value;
    if (request.min_price)
        query.min_price_cents = request.min_price->cents;
    if (request.max_price)
        query.max_price_cents = request.max_price->cents;
    if (request.year_from)
        query.year_from = static_cast<int>(request.year_from->value);
    if (request.year_to)
        query.year_to = static_cast<int>(request.year_to->value);
    if (request.cursor)
        query.after = request.cursor->text;
    return query;
}

} // namespace

Task<Result<FoundBooks>> search_books(const Caller& caller, const SearchBooks& request, TenantItems& items,
                                      SearchIndex& index)
{
    if (auto allowed = check(request); !allowed)
        co_return std::unexpected(allowed.error());
    const auto page = co_await index.search(caller.tenant, query_of(request));
    if (!page)
        co_return std::unexpected(page.error());
    auto views = co_await views_of_hits(items, *page);
    if (!views)
        co_return std::unexpected(views.error());
    FoundBooks found{
        .items = std::move(*views), .total = page->total, .facets = {}, .next_cursor = page_token_of(*page)};
    for (const FacetCount& facet : page->facets.categories)
        found.facets.categories.push_back({facet.value, facet.count});
    co_return found;
}

} // namespace estante::books

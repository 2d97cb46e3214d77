#include "operations/books/list_categories.hpp"

namespace estante::books {

Task<Result<ListOf<CategoryCount>>> list_categories(const Caller& caller, const ListCategories&, SearchIndex& index)
{
    auto counts = co_await index.categories(caller.tenant);
    if (!counts)
        co_return std::unexpected(counts.error());
    ListOf<CategoryCount> list;
    for (FacetCount& count : *counts)
        list.items.push_back({std::move(count.value), count.count});
    co_return list;
}

} // namespace estante::books

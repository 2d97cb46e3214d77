#include "operations/books/suggest_books.hpp"

namespace estante::books {

Task<Result<SuggestedBooks>> suggest_books(const Caller& caller, const SuggestBooks& request, SearchIndex& index)
{
    auto found = co_await index.suggest(caller.tenant, request.prefix.value,
                                        static_cast<std::size_t>(request.limit.value.value));
    if (!found)
        co_return std::unexpected(found.error());
    SuggestedBooks response;
    for (Suggestion& suggestion : *found)
        response.items.push_back({std::move(suggestion.title), {std::move(suggestion.book_id)}});
    co_return response;
}

} // namespace estante::books

#include "processors/search/rebuild_search_index.hpp"

#include "processors/search/expected_documents.hpp"
#include "records/store_failure.hpp"

namespace estante {

Task<Result<RebuildResult>> rebuild_search_index(AllItems all, TenantId tenant, SearchIndex& index)
{
    TenantItems items = all.of(tenant);
    RebuildResult rebuilt;
    std::vector<SearchDocument> documents;
    BookCursor cursor(items);
    while (true) {
        auto page = co_await cursor.next();
        if (!page)
            co_return store_failure(page.error());
        if (!*page)
            break;
        for (IndexChange& book : (*page)->books) {
            if (book.document)
                documents.push_back(std::move(*book.document));
        }
        for (const auto& [book, reason] : (*page)->damaged)
            rebuilt.damaged.push_back(reason);
    }

    rebuilt.books = documents.size();
    if (auto done = co_await index.rebuild(std::move(tenant), std::move(documents)); !done)
        co_return std::unexpected(done.error());
    co_return rebuilt;
}

} // namespace estante

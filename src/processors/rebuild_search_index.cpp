#include "processors/rebuild_search_index.hpp"

#include "processors/search_document.hpp"
#include "records/store_errors.hpp"

#include <set>

namespace estante {

Task<Result<Rebuilt>> rebuild_search_index(AllItems all, TenantId tenant, SearchIndex& index)
{
    TenantItems items = all.of(tenant);
    Rebuilt rebuilt;
    std::vector<SearchDocument> documents;
    std::set<BookId> seen; // a book whose category changes while the pages are read may come twice
    auto query = all_entries();
    do {
        const auto page = co_await items.query(query);
        if (!page)
            co_return store_failure(page.error());
        std::vector<BookId> books;
        for (const Item& entry : page->items) {
            if (BookId book{key_of(entry).pk}; seen.insert(book).second)
                books.push_back(std::move(book));
        }
        const auto found = co_await read_book_items(items, std::move(books));
        if (!found)
            co_return store_failure(found.error());
        for (const auto& book : *found) {
            if (!book)
                continue;
            try {
                documents.push_back(search_document_of(stocked_book_from(*book)));
            } catch (const std::exception& damaged) {
                rebuilt.damaged.emplace_back(damaged.what());
            }
        }
        query.after = page->next;
    } while (query.after);

    rebuilt.books = documents.size();
    if (auto done = co_await index.rebuild(std::move(tenant), std::move(documents)); !done)
        co_return std::unexpected(done.error());
    co_return rebuilt;
}

} // namespace estante

#include "processors/search/books_stream.hpp"

#include "processors/search/expected_documents.hpp"
#include "records/store_failure.hpp"

#include <algorithm>
#include <map>

namespace estante {

namespace {

// The books of one tenant that a batch touches, each with the first change that names it.
using TouchedBooks = std::map<BookId, const Change*>;

std::map<TenantId, TouchedBooks> find_touched(const std::vector<Change>& changes, std::vector<PoisonRecord>& poison)
{
    std::map<TenantId, TouchedBooks> tenants;
    for (const Change& change : changes) {
        const auto changed = changed_key(change);
        if (change.table != Table::books || !changed)
            continue;
        if (!is_entry(changed->key) && !is_stock(changed->key))
            continue;
        if (auto book = BookId::parse(changed->key.pk))
            tenants[changed->tenant].emplace(std::move(*book), &change);
        else
            poison.push_back({change, "the partition key names no book"});
    }
    return tenants;
}

// In one request; if the index rejects a document, one by one to find which.
Task<Result<void>> apply(SearchIndex& index, const TenantId& tenant, const TouchedBooks& touched,
                         std::vector<IndexChange> changes, std::vector<PoisonRecord>& poison)
{
    auto applied = co_await index.apply(tenant, changes);
    if (applied || !is_document_error(applied.error()))
        co_return applied;
    for (IndexChange& change : changes) {
        const BookId book{change.book_id};
        const auto alone = co_await index.apply(tenant, {std::move(change)});
        if (alone)
            continue;
        if (!is_document_error(alone.error()))
            co_return alone;
        poison.push_back({*touched.at(book), alone.error().detail.en});
    }
    co_return Result<void>{};
}

Task<Result<void>> index_touched(AllItems all, SearchIndex& index, const TenantId& tenant, const TouchedBooks& touched,
                                 std::vector<PoisonRecord>& poison)
{
    TenantItems items = all.of(tenant);
    for (auto first = touched.begin(); first != touched.end();) {
        std::vector<BookId> books;
        for (; first != touched.end() && books.size() < max_books_per_read; ++first)
            books.push_back(first->first);
        const auto found = co_await read_book_items(items, books);
        if (!found)
            co_return store_failure(found.error());

        std::vector<IndexChange> changes;
        for (std::size_t i = 0; i < books.size(); ++i) {
            try {
                changes.push_back(expected_document(books[i], (*found)[i]));
            } catch (const std::exception& damaged) {
                poison.push_back({*touched.at(books[i]), damaged.what()});
            }
        }
        if (auto applied = co_await apply(index, tenant, touched, std::move(changes), poison); !applied)
            co_return applied;
    }
    co_return Result<void>{};
}

} // namespace

Task<Result<std::vector<PoisonRecord>>> books_stream(AllItems items, SearchIndex& index, std::vector<Change> changes)
{
    std::vector<PoisonRecord> poison;
    for (const auto& [tenant, touched] : find_touched(changes, poison)) {
        if (auto indexed = co_await index_touched(items, index, tenant, touched, poison); !indexed)
            co_return std::unexpected(indexed.error());
    }
    co_return poison;
}

} // namespace estante

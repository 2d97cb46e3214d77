#include "processors/search/books_stream.hpp"

#include "processors/search/expected_documents.hpp"
#include "records/store_failure.hpp"

#include <algorithm>
#include <map>

namespace estante {

namespace {

// The books of one shop that a batch is about, each with the first change that names it.
using TouchedBooks = std::map<BookId, const Change*>;

std::map<TenantId, TouchedBooks> books_touched_by(const std::vector<Change>& changes,
                                                  std::vector<PoisonRecord>& set_aside)
{
    std::map<TenantId, TouchedBooks> shops;
    for (const Change& change : changes) {
        const auto changed = changed_key(change);
        if (change.table != Table::books || !changed)
            continue;
        if (!is_entry(changed->key) && !is_stock(changed->key))
            continue;
        if (auto book = BookId::parse(changed->key.pk))
            shops[changed->tenant].emplace(std::move(*book), &change);
        else
            set_aside.push_back({change, "the partition key names no book"});
    }
    return shops;
}

// All at once; if the index refuses a document, one by one, to find out which.
Task<Result<void>> apply(SearchIndex& index, const TenantId& tenant, const TouchedBooks& touched,
                         std::vector<IndexChange> changes, std::vector<PoisonRecord>& set_aside)
{
    auto applied = co_await index.apply(tenant, changes);
    if (applied || !is_about_the_document(applied.error()))
        co_return applied;
    for (IndexChange& change : changes) {
        const BookId book{change.book_id};
        const auto alone = co_await index.apply(tenant, {std::move(change)});
        if (alone)
            continue;
        if (!is_about_the_document(alone.error()))
            co_return alone;
        set_aside.push_back({*touched.at(book), alone.error().detail.en});
    }
    co_return Result<void>{};
}

Task<Result<void>> follow(AllItems all, SearchIndex& index, const TenantId& tenant, const TouchedBooks& touched,
                          std::vector<PoisonRecord>& set_aside)
{
    TenantItems items = all.of(tenant);
    for (auto first = touched.begin(); first != touched.end();) {
        std::vector<BookId> books;
        for (; first != touched.end() && books.size() < books_at_once; ++first)
            books.push_back(first->first);
        const auto found = co_await read_book_items(items, books);
        if (!found)
            co_return store_failure(found.error());

        std::vector<IndexChange> changes;
        for (std::size_t i = 0; i < books.size(); ++i) {
            try {
                changes.push_back(expected_document(books[i], (*found)[i]));
            } catch (const std::exception& damaged) {
                set_aside.push_back({*touched.at(books[i]), damaged.what()});
            }
        }
        if (auto applied = co_await apply(index, tenant, touched, std::move(changes), set_aside); !applied)
            co_return applied;
    }
    co_return Result<void>{};
}

} // namespace

Task<Processed> books_stream(AllItems items, SearchIndex& index, std::vector<Change> changes)
{
    std::vector<PoisonRecord> set_aside;
    for (const auto& [tenant, touched] : books_touched_by(changes, set_aside)) {
        if (auto followed = co_await follow(items, index, tenant, touched, set_aside); !followed)
            co_return std::unexpected(followed.error());
    }
    co_return set_aside;
}

} // namespace estante

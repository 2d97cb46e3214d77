#include "processors/search/verify_search_index.hpp"

#include "processors/search/expected_documents.hpp"
#include "processors/search/rebuild_search_index.hpp"
#include "records/store_failure.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace estante {

namespace {

constexpr std::size_t max_books_per_check = 1'000;
constexpr std::size_t max_single_writes = 1'000; // more books are repaired by a rebuild
constexpr int max_checks = 20;                   // of a book that changes between them

std::unexpected<Error> unavailable(std::string_view es, std::string_view en)
{
    return failure(Errc::unavailable, std::string(es), std::string(en));
}

// The books that differ in the index. Errors: those of the index.
Task<Result<std::map<std::string, IndexStatus>>> find_differences(SearchIndex& index, const TenantId& tenant,
                                                                  std::vector<IndexChange> expected)
{
    std::map<std::string, IndexStatus> differences;
    for (std::size_t first = 0; first < expected.size(); first += max_books_per_check) {
        const auto last = std::min(first + max_books_per_check, expected.size());
        std::vector<std::string> ids;
        std::vector<IndexChange> part;
        for (auto number = first; number < last; ++number) {
            ids.push_back(expected[number].book_id);
            part.push_back(std::move(expected[number]));
        }
        const auto states = co_await index.check(tenant, std::move(part));
        if (!states)
            co_return std::unexpected(states.error());
        for (std::size_t number = 0; number < ids.size(); ++number) {
            if ((*states)[number] != IndexStatus::in_sync)
                differences.emplace(std::move(ids[number]), (*states)[number]);
        }
    }
    co_return differences;
}

using Versions = std::map<std::string, std::uint64_t>;

Versions versions_of(const std::vector<IndexChange>& documents)
{
    Versions versions;
    for (const IndexChange& book : documents)
        versions.emplace(book.book_id, book.version);
    return versions;
}

// Checks the suspects until each is confirmed as drift or cleared.
Task<Result<void>> confirm_drift(TenantItems& items, SearchIndex& index, const TenantId& tenant,
                                 const CatchUp& catch_up, std::set<BookId> suspects, Drift& drift)
{
    for (int check = 0; !suspects.empty(); ++check) {
        if (check == max_checks)
            co_return unavailable("Un libro cambia continuamente: repita la orden.",
                                  "A book changes continuously: repeat the command.");
        const auto read = [&] { return read_expected_documents(items, {suspects.begin(), suspects.end()}); };
        auto before = co_await read();
        if (!before)
            co_return store_failure(before.error());
        if (!catch_up())
            co_return unavailable("El índice no alcanza los cambios de la tienda: véase el registro del servidor.",
                                  "The index does not catch up with the shop's changes: see the server's log.");
        drift.damaged.merge(before->damaged);
        const auto versions = versions_of(before->books);
        const auto different = co_await find_differences(index, tenant, std::move(before->books));
        if (!different)
            co_return std::unexpected(different.error());
        auto after = co_await read();
        if (!after)
            co_return store_failure(after.error());
        const auto now = versions_of(after->books);
        suspects.clear();
        for (const auto& [id, state] : *different) {
            const auto version = now.find(id);
            if (version != now.end() && version->second == versions.at(id))
                drift.differences.emplace(id, state);
            else
                suspects.insert({id});
        }
    }
    co_return Result<void>{};
}

// Adds the indexed ids that the cursor has not seen in the store.
Task<Result<void>> add_unseen(SearchIndex& index, const TenantId& tenant, const BookCursor& cursor,
                              std::set<BookId>& suspects)
{
    std::string after;
    while (true) {
        const auto ids = co_await index.book_ids(tenant, after, max_books_per_check);
        if (!ids)
            co_return std::unexpected(ids.error());
        if (ids->empty())
            co_return Result<void>{};
        for (const auto& id : *ids) {
            if (!cursor.has_seen(id))
                suspects.insert({id});
        }
        after = ids->back();
    }
}

// Skips books that the index rejects. The number of books that were written.
Task<Result<std::uint64_t>> write_one_by_one(TenantItems& items, SearchIndex& index, const TenantId& tenant,
                                             const std::map<std::string, IndexStatus>& differences)
{
    std::vector<BookId> ids;
    ids.reserve(differences.size());
    for (const auto& [id, state] : differences)
        ids.push_back({id});
    auto expected = co_await read_expected_documents(items, std::move(ids));
    if (!expected)
        co_return store_failure(expected.error());
    std::uint64_t written = 0;
    for (IndexChange& book : expected->books) {
        const auto applied = co_await index.apply(tenant, {std::move(book)});
        if (!applied && !is_document_error(applied.error()))
            co_return std::unexpected(applied.error());
        written += applied ? 1 : 0;
    }
    co_return written;
}

} // namespace

Task<Result<Drift>> verify_search_index(AllItems all, TenantId tenant, SearchIndex& index, CatchUp catch_up)
{
    TenantItems items = all.of(tenant);
    Drift drift;
    std::set<BookId> suspects;
    BookCursor cursor(items);
    std::vector<IndexChange> expected;
    for (bool more = true; more;) {
        auto page = co_await cursor.next();
        if (!page)
            co_return store_failure(page.error());
        more = page->has_value();
        if (more) {
            for (IndexChange& book : (*page)->books) {
                drift.books += book.document ? 1 : 0;
                expected.push_back(std::move(book));
            }
            drift.damaged.merge((*page)->damaged);
        }
        if (more && expected.size() < max_books_per_check)
            continue;
        const auto different = co_await find_differences(index, tenant, std::exchange(expected, {}));
        if (!different)
            co_return std::unexpected(different.error());
        for (const auto& [id, state] : *different)
            suspects.insert({id});
    }
    if (auto added = co_await add_unseen(index, tenant, cursor, suspects); !added)
        co_return std::unexpected(added.error());
    if (auto confirmed = co_await confirm_drift(items, index, tenant, catch_up, std::move(suspects), drift); !confirmed)
        co_return std::unexpected(confirmed.error());
    co_return drift;
}

Task<Result<RepairResult>> repair_search_index(AllItems all, TenantId tenant, SearchIndex& index, CatchUp catch_up,
                                               Drift drift)
{
    RepairResult repaired;
    repaired.remaining.books = drift.books;
    if (drift.differences.size() <= max_single_writes) {
        TenantItems items = all.of(tenant);
        const auto written = co_await write_one_by_one(items, index, tenant, drift.differences);
        if (!written)
            co_return std::unexpected(written.error());
        repaired.written = *written;
        std::set<BookId> suspects;
        for (const auto& [id, state] : drift.differences)
            suspects.insert({id});
        repaired.remaining.damaged = drift.damaged;
        if (auto confirmed =
                co_await confirm_drift(items, index, tenant, catch_up, std::move(suspects), repaired.remaining);
            !confirmed)
            co_return std::unexpected(confirmed.error());
        if (repaired.remaining.differences.empty())
            co_return repaired;
    }
    if (const auto rebuilt = co_await rebuild_search_index(all, tenant, index); !rebuilt)
        co_return std::unexpected(rebuilt.error());
    repaired.rebuilt = true;
    auto remaining = co_await verify_search_index(all, std::move(tenant), index, std::move(catch_up));
    if (!remaining)
        co_return std::unexpected(remaining.error());
    repaired.remaining = std::move(*remaining);
    co_return repaired;
}

} // namespace estante

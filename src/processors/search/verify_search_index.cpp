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

constexpr std::size_t checked_at_once = 1'000;
constexpr std::size_t most_mended_singly = 1'000;
constexpr int looks = 20; // at a book that changes between them

std::unexpected<Error> not_settled(std::string_view es, std::string_view en)
{
    return failure(Errc::unavailable, std::string(es), std::string(en));
}

// The ids of the books that the index has otherwise. Errors: those of the index.
Task<Result<std::map<std::string, IndexStatus>>> differing(SearchIndex& index, const TenantId& tenant,
                                                           std::vector<IndexChange> wanted)
{
    std::map<std::string, IndexStatus> differences;
    for (std::size_t first = 0; first < wanted.size(); first += checked_at_once) {
        const auto last = std::min(first + checked_at_once, wanted.size());
        std::vector<std::string> ids;
        std::vector<IndexChange> some;
        for (auto number = first; number < last; ++number) {
            ids.push_back(wanted[number].book_id);
            some.push_back(std::move(wanted[number]));
        }
        const auto states = co_await index.check(tenant, std::move(some));
        if (!states)
            co_return std::unexpected(states.error());
        for (std::size_t number = 0; number < ids.size(); ++number) {
            if ((*states)[number] != IndexStatus::right)
                differences.emplace(std::move(ids[number]), (*states)[number]);
        }
    }
    co_return differences;
}

using Versions = std::map<std::string, std::uint64_t>;

Versions versions_of(const std::vector<IndexChange>& wanted)
{
    Versions versions;
    for (const IndexChange& book : wanted)
        versions.emplace(book.book_id, book.version);
    return versions;
}

// Looks at the suspects until each is the index's or the store's fault, or nobody's.
Task<Result<void>> settle(TenantItems& items, SearchIndex& index, const TenantId& tenant, const CatchUp& catch_up,
                          std::set<BookId> suspects, Drift& drift)
{
    for (int look = 0; !suspects.empty(); ++look) {
        if (look == looks)
            co_return not_settled("Un libro cambia sin parar: repita la orden.",
                                  "A book changes all the time: repeat the command.");
        const auto read = [&] { return read_expected_documents(items, {suspects.begin(), suspects.end()}); };
        auto before = co_await read();
        if (!before)
            co_return store_failure(before.error());
        if (!catch_up())
            co_return not_settled("El índice no alcanza los cambios de la tienda: véase el registro del servidor.",
                                  "The index does not catch up with the shop's changes: see the server's log.");
        drift.damaged.merge(before->damaged);
        const auto versions = versions_of(before->books);
        const auto different = co_await differing(index, tenant, std::move(before->books));
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

// Adds the ids that are indexed and that the walk has not met.
Task<Result<void>> add_unmet(SearchIndex& index, const TenantId& tenant, const BookCursor& walk,
                             std::set<BookId>& suspects)
{
    std::string after;
    while (true) {
        const auto ids = co_await index.book_ids(tenant, after, checked_at_once);
        if (!ids)
            co_return std::unexpected(ids.error());
        if (ids->empty())
            co_return Result<void>{};
        for (const auto& id : *ids) {
            if (!walk.has_met(id))
                suspects.insert({id});
        }
        after = ids->back();
    }
}

// Books that the index refuses stay as they are. Answers how many were written.
Task<Result<std::uint64_t>> write_singly(TenantItems& items, SearchIndex& index, const TenantId& tenant,
                                         const std::map<std::string, IndexStatus>& differences)
{
    std::vector<BookId> ids;
    ids.reserve(differences.size());
    for (const auto& [id, state] : differences)
        ids.push_back({id});
    auto wanted = co_await read_expected_documents(items, std::move(ids));
    if (!wanted)
        co_return store_failure(wanted.error());
    std::uint64_t written = 0;
    for (IndexChange& book : wanted->books) {
        const auto applied = co_await index.apply(tenant, {std::move(book)});
        if (!applied && !is_about_the_document(applied.error()))
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
    BookCursor walk(items);
    std::vector<IndexChange> wanted;
    for (bool more = true; more;) {
        auto page = co_await walk.next();
        if (!page)
            co_return store_failure(page.error());
        more = page->has_value();
        if (more) {
            for (IndexChange& book : (*page)->books) {
                drift.books += book.document ? 1 : 0;
                wanted.push_back(std::move(book));
            }
            drift.damaged.merge((*page)->damaged);
        }
        if (more && wanted.size() < checked_at_once)
            continue;
        const auto different = co_await differing(index, tenant, std::exchange(wanted, {}));
        if (!different)
            co_return std::unexpected(different.error());
        for (const auto& [id, state] : *different)
            suspects.insert({id});
    }
    if (auto added = co_await add_unmet(index, tenant, walk, suspects); !added)
        co_return std::unexpected(added.error());
    if (auto settled = co_await settle(items, index, tenant, catch_up, std::move(suspects), drift); !settled)
        co_return std::unexpected(settled.error());
    co_return drift;
}

Task<Result<RepairResult>> repair_search_index(AllItems all, TenantId tenant, SearchIndex& index, CatchUp catch_up,
                                               Drift drift)
{
    RepairResult mended;
    mended.after.books = drift.books;
    if (drift.differences.size() <= most_mended_singly) {
        TenantItems items = all.of(tenant);
        const auto written = co_await write_singly(items, index, tenant, drift.differences);
        if (!written)
            co_return std::unexpected(written.error());
        mended.written = *written;
        std::set<BookId> suspects;
        for (const auto& [id, state] : drift.differences)
            suspects.insert({id});
        mended.after.damaged = drift.damaged;
        if (auto settled = co_await settle(items, index, tenant, catch_up, std::move(suspects), mended.after); !settled)
            co_return std::unexpected(settled.error());
        if (mended.after.differences.empty())
            co_return mended;
    }
    if (const auto rebuilt = co_await rebuild_search_index(all, tenant, index); !rebuilt)
        co_return std::unexpected(rebuilt.error());
    mended.rebuilt = true;
    auto after = co_await verify_search_index(all, std::move(tenant), index, std::move(catch_up));
    if (!after)
        co_return std::unexpected(after.error());
    mended.after = std::move(*after);
    co_return mended;
}

} // namespace estante

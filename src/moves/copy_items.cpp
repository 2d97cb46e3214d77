#include "moves/copy_items.hpp"

#include "ports/rules/item_rules.hpp"
#include "processors/figures/purchases_stream.hpp"
#include "processors/item_walk.hpp"
#include "processors/process_batch.hpp"
#include "records/purchases.hpp"
#include "records/summaries.hpp"
#include "records/users.hpp"
#include "runtime/when_all.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace estante::moves {

namespace {

// Changes are kept for 24 hours (ports/change_stream.hpp): a copy that stood still for longer than this begins anew,
// and one that is long reads them in between.
constexpr std::int64_t changes_held_ms = 20LL * 3600 * 1000;
constexpr std::int64_t follow_every_ms = 10LL * 60 * 1000;
// Items that end within this time are not compared: they may end between the two readings.
constexpr std::int64_t compared_ahead_s = 3600;
constexpr std::size_t changes_at_once = 1000;

using Changed = std::set<std::pair<Table, Key>>;

std::unexpected<std::string> source_failed(const StoreError& error)
{
    return std::unexpected(fmt::format("the source is unavailable: {}", error.detail));
}

// What cannot be read is left uncounted, as the source's processors leave it, and copied as it is.
Task<Moved<void>> count(ItemStore& items, std::vector<Change> changes)
{
    const auto taken = co_await process_batch(
        [&items](std::vector<Change> some) { return count_purchases(AllItems(items), std::move(some)); },
        std::move(changes));
    if (!taken)
        co_return std::unexpected(fmt::format("the source is unavailable: {}", taken.error().detail.en));
    co_return Moved<void>();
}

std::unexpected<std::string> target_failed(const StoreError& error)
{
    return std::unexpected(fmt::format("the target is unavailable: {}", error.detail));
}

// To the next table, or the first of the next phase.
void advance(CopyProgress& progress)
{
    progress.cursor.reset();
    if (progress.phase != CopyPhase::counted && progress.table != Table::purchases) {
        progress.table = progress.table == Table::users ? Table::books : Table::purchases;
        return;
    }
    progress.table = Table::users;
    if (progress.phase == CopyPhase::counted)
        progress.phase = CopyPhase::everything;
    else
        progress.phase =
            progress.phase == CopyPhase::everything && progress.replaces ? CopyPhase::leftovers : CopyPhase::changes;
}

} // namespace

ItemCopier::ItemCopier(Store& from, Store& to, Clock& clock, CopyOptions options)
    : from_(from), to_(to), clock_(clock), options_(std::move(options))
{
}

Task<Moved<bool>> ItemCopier::target_has_items()
{
    for (const Table table : all_tables) {
        std::optional<Cursor> after;
        do {
            auto page = co_await to_.items().scan(table, options_.page_items, after);
            if (!page)
                co_return target_failed(page.error());
            for (const Item& item : page->items) {
                if (options_.scope.holds(table, key_of(item)))
                    co_return true;
            }
            after = std::move(page->next);
        } while (after);
    }
    co_return false;
}

Task<Moved<void>> ItemCopier::copy(CopyProgress& progress)
{
    if (progress.followed_ms == 0 || clock_.now_ms() - progress.followed_ms > changes_held_ms) {
        if (auto begun = co_await begin(progress); !begun)
            co_return begun;
    }
    if (auto counted = co_await count_all(); !counted)
        co_return counted;
    std::optional<Page> ahead;
    while (progress.phase < CopyPhase::changes) {
        if (auto copied = co_await copy_page(progress, ahead); !copied)
            co_return copied;
        options_.save(progress);
        if (clock_.now_ms() - progress.followed_ms < follow_every_ms)
            continue;
        ahead.reset(); // it was read before the changes that now go over
        if (const auto followed = co_await follow(progress); !followed)
            co_return std::unexpected(followed.error());
    }
    if (const auto followed = co_await follow_and_count(progress); !followed)
        co_return std::unexpected(followed.error());
    co_return Moved<void>();
}

// What changes from the first page on is counted by follow_and_count.
Task<Moved<void>> ItemCopier::count_all()
{
    if (walked_)
        co_return Moved<void>();
    std::optional<std::vector<TenantId>> tenants;
    if (options_.scope.tenant)
        tenants = {*options_.scope.tenant};
    ItemWalk walk(AllItems(from_.items()), clock_, queries_for_purchases_stream(), std::move(tenants));
    while (true) {
        auto changes = co_await walk.next();
        if (!changes)
            co_return source_failed(changes.error());
        if (changes->empty())
            break;
        if (auto counted = co_await count(from_.items(), std::move(*changes)); !counted)
            co_return counted;
    }
    walked_ = true;
    co_return Moved<void>();
}

void ItemCopier::note_uncounted(const Change& change)
{
    const bool registered = is_user(change.table, change.key) && !change.before && change.after;
    if (registered || is_purchase(change.table, change.key))
        uncounted_.push_back({.table = change.table, .key = change.key, .after = Item{}, .at_ms = change.at_ms});
}

Task<Moved<std::size_t>> ItemCopier::follow_and_count(CopyProgress& progress)
{
    auto brought = co_await follow(progress);
    if (!brought || uncounted_.empty())
        co_return brought;
    if (auto counted = co_await count(from_.items(), std::exchange(uncounted_, {})); !counted)
        co_return std::unexpected(std::move(counted.error()));
    const auto summaries = co_await follow(progress);
    if (!summaries)
        co_return summaries;
    co_return *brought + *summaries;
}

// The place in the stream is noted before the first page is read, so that no change falls between the two.
Task<Moved<void>> ItemCopier::begin(CopyProgress& progress)
{
    const bool again = progress.followed_ms != 0;
    auto newest = co_await from_.changes().newest();
    if (!newest)
        co_return source_failed(newest.error());
    if (const auto noted = co_await from_.changes().acknowledge(options_.processor, std::move(*newest)); !noted)
        co_return source_failed(noted.error());
    progress = {.phase = CopyPhase::counted,
                .table = Table::purchases,
                .followed_ms = clock_.now_ms(),
                .replaces = progress.replaces || again};
    options_.save(progress);
    co_return Moved<void>();
}

Task<Moved<void>> ItemCopier::copy_page(CopyProgress& progress, std::optional<Page>& ahead)
{
    if (!ahead) {
        auto page = co_await read_page(progress);
        if (!page)
            co_return std::unexpected(std::move(page.error()));
        ahead = std::move(*page);
    }
    CopyProgress next = progress;
    next.cursor = std::move(ahead->next);
    if (!next.cursor)
        advance(next);
    auto items = std::move(ahead->items);
    ahead.reset();
    if (progress.phase == CopyPhase::leftovers) {
        if (auto removed = co_await remove_leftovers(progress.table, std::move(items)); !removed)
            co_return removed;
    } else {
        auto [written, read] = co_await when_all(write_page(progress, std::move(items)), read_ahead(next));
        if (!written)
            co_return std::unexpected(std::move(written.error()));
        if (!read)
            co_return std::unexpected(std::move(read.error()));
        next.items += *written;
        ahead = std::move(*read);
    }
    progress = std::move(next);
    co_return Moved<void>();
}

Task<Moved<Page>> ItemCopier::read_page(CopyProgress at)
{
    const bool leftovers = at.phase == CopyPhase::leftovers;
    auto page = co_await (leftovers ? to_ : from_).items().scan(at.table, options_.page_items, at.cursor);
    if (!page)
        co_return leftovers ? target_failed(page.error()) : source_failed(page.error());
    co_return std::move(*page);
}

Task<Moved<std::optional<Page>>> ItemCopier::read_ahead(CopyProgress at)
{
    if (at.phase >= CopyPhase::leftovers)
        co_return std::nullopt;
    auto page = co_await read_page(std::move(at));
    if (!page)
        co_return std::unexpected(std::move(page.error()));
    co_return std::move(*page);
}

Task<Moved<std::int64_t>> ItemCopier::write_page(CopyProgress at, std::vector<Item> items)
{
    std::vector<Action> puts[std::size(all_ranks)];
    for (Item& item : items) {
        const Key key = key_of(item);
        const Rank rank = rank_of(at.table, key);
        if (options_.scope.holds(at.table, key) && (rank == Rank::marker) == (at.phase == CopyPhase::counted))
            puts[static_cast<std::size_t>(rank)].push_back(
                Put{.table = at.table, .item = as_moved(std::move(item), at.table, options_.scope)});
    }
    std::int64_t written = 0;
    for (auto& share : puts) {
        if (share.empty())
            continue;
        written += static_cast<std::int64_t>(share.size());
        if (const auto done = co_await to_.items().batch_write(std::move(share)); !done)
            co_return target_failed(done.error());
    }
    co_return written;
}

Task<Moved<void>> ItemCopier::remove_leftovers(Table table, std::vector<Item> items)
{
    std::vector<Key> keys;
    for (const Item& item : items) {
        if (auto key = key_of(item); options_.scope.holds(table, key))
            keys.push_back(std::move(key));
    }
    std::vector<Action> removals;
    for (std::size_t from = 0; from < keys.size(); from += max_batch_get_keys) {
        const std::vector<Key> some(keys.begin() + static_cast<std::ptrdiff_t>(from),
                                    keys.begin() +
                                        static_cast<std::ptrdiff_t>(std::min(from + max_batch_get_keys, keys.size())));
        const auto there = co_await from_.items().batch_get(table, some);
        if (!there)
            co_return source_failed(there.error());
        for (std::size_t i = 0; i < some.size(); ++i) {
            if (!(*there)[i])
                removals.push_back(Delete{.table = table, .key = some[i]});
        }
    }
    if (removals.empty())
        co_return Moved<void>();
    if (const auto written = co_await to_.items().batch_write(std::move(removals)); !written)
        co_return target_failed(written.error());
    co_return Moved<void>();
}

Task<Moved<std::size_t>> ItemCopier::follow(CopyProgress& progress)
{
    const auto began_ms = clock_.now_ms();
    std::size_t brought = 0;
    while (true) {
        const auto changes = co_await from_.changes().next(options_.processor, changes_at_once);
        if (!changes)
            co_return source_failed(changes.error());
        if (changes->empty())
            break;
        Changed changed;
        bool all_younger = true;
        for (const Change& change : *changes) {
            all_younger = all_younger && change.at_ms > began_ms;
            if (options_.scope.holds(change.table, change.key) && changed.emplace(change.table, change.key).second)
                note_uncounted(change);
        }
        for (const Rank rank : all_ranks) {
            for (const Table table : all_tables) {
                std::vector<Key> keys;
                for (const auto& [in, key] : changed) {
                    if (in == table && rank_of(table, key) == rank)
                        keys.push_back(key);
                }
                if (auto done = co_await bring_over(table, std::move(keys)); !done)
                    co_return std::unexpected(std::move(done.error()));
            }
        }
        brought += changed.size();
        if (const auto done = co_await from_.changes().acknowledge(options_.processor, changes->back().position); !done)
            co_return source_failed(done.error());
        if (all_younger)
            break;
    }
    progress.followed_ms = began_ms;
    options_.save(progress);
    co_return brought;
}

Task<Moved<void>> ItemCopier::bring_over(Table table, std::vector<Key> keys)
{
    for (std::size_t from = 0; from < keys.size(); from += max_batch_get_keys) {
        const std::vector<Key> some(keys.begin() + static_cast<std::ptrdiff_t>(from),
                                    keys.begin() +
                                        static_cast<std::ptrdiff_t>(std::min(from + max_batch_get_keys, keys.size())));
        auto items = co_await from_.items().batch_get(table, some);
        if (!items)
            co_return source_failed(items.error());
        std::vector<Action> actions;
        for (std::size_t i = 0; i < some.size(); ++i) {
            if (auto& item = (*items)[i])
                actions.push_back(Put{.table = table, .item = as_moved(std::move(*item), table, options_.scope)});
            else
                actions.push_back(Delete{.table = table, .key = some[i]});
        }
        if (const auto written = co_await to_.items().batch_write(std::move(actions)); !written)
            co_return target_failed(written.error());
    }
    co_return Moved<void>();
}

Task<Moved<ItemCopier::Comparison>> ItemCopier::compare(CopyProgress& progress, std::size_t rounds, Visit visit)
{
    if (auto walked = co_await count_all(); !walked)
        co_return std::unexpected(std::move(walked.error()));
    Comparison comparison;
    std::set<Key> summaries;
    const auto noted = [&](Table table, const Item& item) {
        options_.compared();
        if (is_daily_summary(table, key_of(item)))
            summaries.insert(key_of(item));
    };
    const auto counted = [&](Table table, const Item& item) {
        noted(table, item);
        if (visit)
            visit(table, item);
    };
    for (std::size_t round = 0; round < rounds; ++round) {
        if (auto again = co_await bring_over(Table::purchases, {summaries.begin(), summaries.end()}); !again)
            co_return std::unexpected(std::move(again.error()));
        if (const auto followed = co_await follow_and_count(progress); !followed)
            co_return std::unexpected(followed.error());
        const auto ends_after_s = clock_.now_ms() / 1000 + compared_ahead_s;
        auto [from, to] = co_await when_all(digest_items(from_.items(), options_.scope, ends_after_s, counted),
                                            digest_items(to_.items(), options_.scope, ends_after_s, noted));
        if (!from)
            co_return std::unexpected(fmt::format("in the source {}", from.error()));
        if (!to)
            co_return std::unexpected(fmt::format("in the target {}", to.error()));
        comparison.differ = differences(*from, *to);
        comparison.from = std::move(*from);
        comparison.to = std::move(*to);
        if (comparison.differ.empty())
            break;
    }
    co_return comparison;
}

Task<Moved<std::vector<Key>>> ItemCopier::unfollowed()
{
    const auto changes = co_await from_.changes().next(options_.processor, changes_at_once);
    if (!changes)
        co_return source_failed(changes.error());
    std::set<Key> keys;
    for (const Change& change : *changes) {
        const bool ended = !change.after && change.before && is_expired(*change.before, change.at_ms);
        const bool figures = is_daily_summary(change.table, change.key);
        if (!ended && !figures && options_.scope.holds(change.table, change.key))
            keys.insert(change.key);
    }
    co_return std::vector<Key>(keys.begin(), keys.end());
}

} // namespace estante::moves

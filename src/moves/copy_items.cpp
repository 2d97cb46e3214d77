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

// The stream keeps changes for 24 hours (ports/change_stream.hpp). A copy that was interrupted for longer than this
// starts over, and a long copy reads the changes between its pages.
constexpr std::int64_t max_change_age_ms = 20LL * 3600 * 1000;
constexpr std::int64_t follow_interval_ms = 10LL * 60 * 1000;
// Items with a shorter remaining TTL are not compared: they may expire between the two reads.
constexpr std::int64_t min_remaining_ttl_s = 3600;
constexpr std::size_t max_changes_per_read = 1000;

using ChangedKeys = std::set<std::pair<Table, Key>>;

std::unexpected<std::string> source_error(const StoreError& error)
{
    return std::unexpected(fmt::format("the source is unavailable: {}", error.detail));
}

// A purchase that cannot be parsed stays uncounted, as in the source's processors, and is copied unchanged.
Task<Result<void, std::string>> count_changes(ItemStore& items, std::vector<Change> changes)
{
    const auto processed = co_await process_batch(
        [&items](std::vector<Change> batch) { return count_purchases(AllItems(items), std::move(batch)); },
        std::move(changes));
    if (!processed)
        co_return std::unexpected(fmt::format("the source is unavailable: {}", processed.error().detail.en));
    co_return Result<void, std::string>();
}

std::unexpected<std::string> target_error(const StoreError& error)
{
    return std::unexpected(fmt::format("the target is unavailable: {}", error.detail));
}

// Moves on to the next table, or to the first of the next phase.
void advance(CopyProgress& progress)
{
    progress.cursor.reset();
    if (progress.phase != CopyPhase::markers && progress.table != Table::purchases) {
        progress.table = progress.table == Table::users ? Table::books : Table::purchases;
        return;
    }
    progress.table = Table::users;
    if (progress.phase == CopyPhase::markers)
        progress.phase = CopyPhase::items;
    else
        progress.phase =
            progress.phase == CopyPhase::items && progress.replaces ? CopyPhase::stale_items : CopyPhase::changes;
}

} // namespace

ItemCopier::ItemCopier(Store& from, Store& to, Clock& clock, CopyOptions options)
    : from_(from), to_(to), clock_(clock), options_(std::move(options))
{
}

Task<Result<bool, std::string>> ItemCopier::target_has_items()
{
    for (const Table table : all_tables) {
        std::optional<Cursor> after;
        do {
            auto page = co_await to_.items().scan(table, options_.page_items, after);
            if (!page)
                co_return target_error(page.error());
            for (const Item& item : page->items) {
                if (options_.scope.contains(table, key_of(item)))
                    co_return true;
            }
            after = std::move(page->next);
        } while (after);
    }
    co_return false;
}

Task<Result<void, std::string>> ItemCopier::copy(CopyProgress& progress)
{
    if (progress.followed_ms == 0 || clock_.now_ms() - progress.followed_ms > max_change_age_ms) {
        if (auto started = co_await start(progress); !started)
            co_return started;
    }
    if (auto counted = co_await count_existing_purchases(); !counted)
        co_return counted;
    std::optional<Page> ahead;
    while (progress.phase < CopyPhase::changes) {
        if (auto copied = co_await copy_page(progress, ahead); !copied)
            co_return copied;
        options_.save(progress);
        if (clock_.now_ms() - progress.followed_ms < follow_interval_ms)
            continue;
        ahead.reset(); // it was read before the changes that are copied now
        if (const auto followed = co_await copy_changes(progress); !followed)
            co_return std::unexpected(followed.error());
    }
    if (const auto followed = co_await copy_and_count_changes(progress); !followed)
        co_return std::unexpected(followed.error());
    co_return Result<void, std::string>();
}

// Changes from the first page on are counted by copy_and_count_changes.
Task<Result<void, std::string>> ItemCopier::count_existing_purchases()
{
    if (has_counted_existing_)
        co_return Result<void, std::string>();
    std::optional<std::vector<TenantId>> tenants;
    if (options_.scope.tenant)
        tenants = {*options_.scope.tenant};
    ItemWalk walk(AllItems(from_.items()), clock_, queries_for_purchases_stream(), std::move(tenants));
    while (true) {
        auto changes = co_await walk.next();
        if (!changes)
            co_return source_error(changes.error());
        if (changes->empty())
            break;
        if (auto counted = co_await count_changes(from_.items(), std::move(*changes)); !counted)
            co_return counted;
    }
    has_counted_existing_ = true;
    co_return Result<void, std::string>();
}

void ItemCopier::record_uncounted(const Change& change)
{
    const bool registered = is_user(change.table, change.key) && !change.before && change.after;
    if (registered || is_purchase(change.table, change.key))
        uncounted_.push_back({.table = change.table, .key = change.key, .after = Item{}, .at_ms = change.at_ms});
}

Task<Result<std::size_t, std::string>> ItemCopier::copy_and_count_changes(CopyProgress& progress)
{
    auto copied = co_await copy_changes(progress);
    if (!copied || uncounted_.empty())
        co_return copied;
    if (auto counted = co_await count_changes(from_.items(), std::exchange(uncounted_, {})); !counted)
        co_return std::unexpected(std::move(counted.error()));
    const auto summaries = co_await copy_changes(progress);
    if (!summaries)
        co_return summaries;
    co_return *copied + *summaries;
}

// Acknowledges the current end of the stream before the first page is read, so that no change is missed.
Task<Result<void, std::string>> ItemCopier::start(CopyProgress& progress)
{
    const bool is_restart = progress.followed_ms != 0;
    auto newest = co_await from_.changes().newest();
    if (!newest)
        co_return source_error(newest.error());
    if (const auto acknowledged = co_await from_.changes().acknowledge(options_.processor, std::move(*newest));
        !acknowledged)
        co_return source_error(acknowledged.error());
    progress = {.phase = CopyPhase::markers,
                .table = Table::purchases,
                .followed_ms = clock_.now_ms(),
                .replaces = progress.replaces || is_restart};
    options_.save(progress);
    co_return Result<void, std::string>();
}

Task<Result<void, std::string>> ItemCopier::copy_page(CopyProgress& progress, std::optional<Page>& ahead)
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
    if (progress.phase == CopyPhase::stale_items) {
        if (auto removed = co_await delete_stale_items(progress.table, std::move(items)); !removed)
            co_return removed;
    } else {
        auto [written, read] = co_await when_all(write_page(progress, std::move(items)), prefetch_page(next));
        if (!written)
            co_return std::unexpected(std::move(written.error()));
        if (!read)
            co_return std::unexpected(std::move(read.error()));
        next.items += *written;
        ahead = std::move(*read);
    }
    progress = std::move(next);
    co_return Result<void, std::string>();
}

Task<Result<Page, std::string>> ItemCopier::read_page(CopyProgress at)
{
    const bool reads_target = at.phase == CopyPhase::stale_items;
    auto page = co_await (reads_target ? to_ : from_).items().scan(at.table, options_.page_items, at.cursor);
    if (!page)
        co_return reads_target ? target_error(page.error()) : source_error(page.error());
    co_return std::move(*page);
}

Task<Result<std::optional<Page>, std::string>> ItemCopier::prefetch_page(CopyProgress at)
{
    if (at.phase >= CopyPhase::stale_items)
        co_return std::nullopt;
    auto page = co_await read_page(std::move(at));
    if (!page)
        co_return std::unexpected(std::move(page.error()));
    co_return std::move(*page);
}

Task<Result<std::int64_t, std::string>> ItemCopier::write_page(CopyProgress at, std::vector<Item> items)
{
    std::vector<Action> puts[std::size(copy_orders)];
    for (Item& item : items) {
        const Key key = key_of(item);
        const CopyOrder rank = copy_order_of(at.table, key);
        if (options_.scope.contains(at.table, key) && (rank == CopyOrder::marker) == (at.phase == CopyPhase::markers))
            puts[static_cast<std::size_t>(rank)].push_back(
                Put{.table = at.table, .item = to_target_item(std::move(item), at.table, options_.scope)});
    }
    std::int64_t written = 0;
    for (auto& batch : puts) {
        if (batch.empty())
            continue;
        written += static_cast<std::int64_t>(batch.size());
        if (const auto done = co_await to_.items().batch_write(std::move(batch)); !done)
            co_return target_error(done.error());
    }
    co_return written;
}

Task<Result<void, std::string>> ItemCopier::delete_stale_items(Table table, std::vector<Item> items)
{
    std::vector<Key> keys;
    for (const Item& item : items) {
        if (auto key = key_of(item); options_.scope.contains(table, key))
            keys.push_back(std::move(key));
    }
    std::vector<Action> removals;
    for (std::size_t from = 0; from < keys.size(); from += max_batch_get_keys) {
        const std::vector<Key> batch(keys.begin() + static_cast<std::ptrdiff_t>(from),
                                     keys.begin() +
                                         static_cast<std::ptrdiff_t>(std::min(from + max_batch_get_keys, keys.size())));
        const auto source_items = co_await from_.items().batch_get(table, batch);
        if (!source_items)
            co_return source_error(source_items.error());
        for (std::size_t i = 0; i < batch.size(); ++i) {
            if (!(*source_items)[i])
                removals.push_back(Delete{.table = table, .key = batch[i]});
        }
    }
    if (removals.empty())
        co_return Result<void, std::string>();
    if (const auto written = co_await to_.items().batch_write(std::move(removals)); !written)
        co_return target_error(written.error());
    co_return Result<void, std::string>();
}

Task<Result<std::size_t, std::string>> ItemCopier::copy_changes(CopyProgress& progress)
{
    const auto start_ms = clock_.now_ms();
    std::size_t copied = 0;
    while (true) {
        const auto changes = co_await from_.changes().next(options_.processor, max_changes_per_read);
        if (!changes)
            co_return source_error(changes.error());
        if (changes->empty())
            break;
        ChangedKeys changed;
        bool all_newer = true;
        for (const Change& change : *changes) {
            all_newer = all_newer && change.at_ms > start_ms;
            if (options_.scope.contains(change.table, change.key) && changed.emplace(change.table, change.key).second)
                record_uncounted(change);
        }
        for (const CopyOrder rank : copy_orders) {
            for (const Table table : all_tables) {
                std::vector<Key> keys;
                for (const auto& [in, key] : changed) {
                    if (in == table && copy_order_of(table, key) == rank)
                        keys.push_back(key);
                }
                if (auto done = co_await copy_keys(table, std::move(keys)); !done)
                    co_return std::unexpected(std::move(done.error()));
            }
        }
        copied += changed.size();
        if (const auto done = co_await from_.changes().acknowledge(options_.processor, changes->back().position); !done)
            co_return source_error(done.error());
        if (all_newer)
            break;
    }
    progress.followed_ms = start_ms;
    options_.save(progress);
    co_return copied;
}

Task<Result<void, std::string>> ItemCopier::copy_keys(Table table, std::vector<Key> keys)
{
    for (std::size_t from = 0; from < keys.size(); from += max_batch_get_keys) {
        const std::vector<Key> batch(keys.begin() + static_cast<std::ptrdiff_t>(from),
                                     keys.begin() +
                                         static_cast<std::ptrdiff_t>(std::min(from + max_batch_get_keys, keys.size())));
        auto items = co_await from_.items().batch_get(table, batch);
        if (!items)
            co_return source_error(items.error());
        std::vector<Action> actions;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            if (auto& item = (*items)[i])
                actions.push_back(Put{.table = table, .item = to_target_item(std::move(*item), table, options_.scope)});
            else
                actions.push_back(Delete{.table = table, .key = batch[i]});
        }
        if (const auto written = co_await to_.items().batch_write(std::move(actions)); !written)
            co_return target_error(written.error());
    }
    co_return Result<void, std::string>();
}

Task<Result<ItemCopier::Comparison, std::string>> ItemCopier::compare(CopyProgress& progress, std::size_t rounds,
                                                                      Visit visit)
{
    if (auto walked = co_await count_existing_purchases(); !walked)
        co_return std::unexpected(std::move(walked.error()));
    Comparison comparison;
    std::set<Key> summaries;
    const auto on_compared = [&](Table table, const Item& item) {
        options_.compared();
        if (is_daily_summary(table, key_of(item)))
            summaries.insert(key_of(item));
    };
    const auto on_source_item = [&](Table table, const Item& item) {
        on_compared(table, item);
        if (visit)
            visit(table, item);
    };
    for (std::size_t round = 0; round < rounds; ++round) {
        if (auto again = co_await copy_keys(Table::purchases, {summaries.begin(), summaries.end()}); !again)
            co_return std::unexpected(std::move(again.error()));
        if (const auto followed = co_await copy_and_count_changes(progress); !followed)
            co_return std::unexpected(followed.error());
        const auto expires_after_s = clock_.now_ms() / 1000 + min_remaining_ttl_s;
        auto [from, to] =
            co_await when_all(digest_items(from_.items(), options_.scope, expires_after_s, on_source_item),
                              digest_items(to_.items(), options_.scope, expires_after_s, on_compared));
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

Task<Result<std::vector<Key>, std::string>> ItemCopier::uncopied_changes()
{
    const auto changes = co_await from_.changes().next(options_.processor, max_changes_per_read);
    if (!changes)
        co_return source_error(changes.error());
    std::set<Key> keys;
    for (const Change& change : *changes) {
        const bool is_expiry = !change.after && change.before && is_expired(*change.before, change.at_ms);
        const bool is_summary = is_daily_summary(change.table, change.key);
        if (!is_expiry && !is_summary && options_.scope.contains(change.table, change.key))
            keys.insert(change.key);
    }
    co_return std::vector<Key>(keys.begin(), keys.end());
}

} // namespace estante::moves

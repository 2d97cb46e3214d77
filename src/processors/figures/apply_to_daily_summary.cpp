#include "processors/figures/apply_to_daily_summary.hpp"

#include "domain/seeded_fault.hpp"
#include "records/books_with_stock.hpp"
#include "records/item_attributes.hpp"
#include "records/store_failure.hpp"
#include "records/summaries.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <utility>

namespace estante {

namespace {

constexpr std::size_t max_markers = 99;  // and the summary: a transaction has at most 100 actions
constexpr std::size_t max_lines = 4'000; // keeps the markers well below the 4 MB of a transaction
constexpr std::size_t max_books_per_read = 100;
constexpr int max_conflicts = 20; // with other writers of one day's summary, before the batch has to be repeated

// The events that one transaction can count.
struct Chunk {
    std::vector<Purchase> purchases{};
    std::vector<UserId> registrations{};
    std::size_t lines = 0;

    std::vector<Key> markers() const
    {
        std::vector<Key> keys;
        for (const Purchase& purchase : purchases) {
            keys.push_back(placed_marker_key(purchase));
            if (is_cancelled_or_refunded(purchase))
                keys.push_back(cancelled_marker_key(purchase));
        }
        for (const UserId& user : registrations)
            keys.push_back(registered_marker_key(user));
        return keys;
    }
};

std::vector<Chunk> split_into_chunks(DayEvents events)
{
    std::vector<Chunk> chunks(1);
    std::size_t markers = 0;
    const auto chunk_for = [&](std::size_t more_markers, std::size_t more_lines) -> Chunk& {
        if (markers + more_markers > max_markers || chunks.back().lines + more_lines > max_lines) {
            chunks.emplace_back();
            markers = 0;
        }
        markers += more_markers;
        chunks.back().lines += more_lines;
        return chunks.back();
    };
    for (Purchase& purchase : events.purchases) {
        Chunk& chunk = chunk_for(is_cancelled_or_refunded(purchase) ? 2 : 1, purchase.lines.size());
        chunk.purchases.push_back(std::move(purchase));
    }
    for (UserId& user : events.registrations)
        chunk_for(1, 0).registrations.push_back(std::move(user));
    return chunks;
}

using Markers = std::map<Key, Item>; // those that exist

Task<StoreResult<Markers>> read_markers(TenantItems& items, const Chunk& chunk)
{
    const auto keys = chunk.markers();
    Markers markers;
    if (keys.empty())
        co_return markers;
    auto found = co_await items.batch_get(Table::purchases, keys);
    if (!found)
        co_return std::unexpected(found.error());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if ((*found)[i])
            markers.emplace(keys[i], std::move(*(*found)[i]));
    }
    co_return markers;
}

// The current categories of the books in purchases that are not counted yet.
Task<StoreResult<std::map<BookId, std::string>>> read_categories(TenantItems& items, const Chunk& chunk,
                                                                 const Markers& markers)
{
    std::set<BookId> sold;
    for (const Purchase& purchase : chunk.purchases) {
        if (markers.contains(placed_marker_key(purchase)))
            continue;
        for (const PurchaseLine& line : purchase.lines)
            sold.insert(line.book_id);
    }
    std::map<BookId, std::string> categories;
    const std::vector<BookId> books(sold.begin(), sold.end());
    for (std::size_t first = 0; first < books.size(); first += max_books_per_read) {
        const auto some = std::span(books).subspan(first, std::min(max_books_per_read, books.size() - first));
        const auto found = co_await read_book_items(items, {some.begin(), some.end()});
        if (!found)
            co_return std::unexpected(found.error());
        for (std::size_t i = 0; i < some.size(); ++i) {
            if ((*found)[i])
                categories.emplace(some[i], text_at((*found)[i]->entry, "category"));
        }
    }
    co_return categories;
}

// A transaction, and the events that it counts.
struct SummaryUpdate {
    DaySummary after{};
    std::vector<Action> actions{}; // that put the markers
    std::vector<std::int64_t> purchases_ms{};
    std::vector<std::int64_t> registrations_ms{};

    void add_to(TenantCounters for_tenant) const
    {
        for (const auto at_ms : purchases_ms)
            for_tenant.counters.add_at(for_tenant.tenant, BusinessCounter::book_purchases, at_ms);
        for (const auto at_ms : registrations_ms)
            for_tenant.counters.add_at(for_tenant.tenant, BusinessCounter::new_user_registrations, at_ms);
    }
};

SummaryUpdate count_events(const Chunk& chunk, const Markers& counted, const std::map<BookId, std::string>& categories,
                           const DaySummary& before)
{
    SummaryUpdate update{.after = before};
    DaySummary& summary = update.after;
    std::vector<Action>& actions = update.actions;
    for (const Purchase& purchase : chunk.purchases) {
        const auto placed = counted.find(placed_marker_key(purchase));
        CountedSale sale;
        if (placed == counted.end()) {
            sale = to_counted_sale(purchase, categories);
            add_sale(summary, sale);
            summary.currency = purchase.currency;
            actions.emplace_back(placed_marker_put(purchase, sale));
            update.purchases_ms.push_back(static_cast<std::int64_t>(purchase.id.time_ms()));
        }
        if (!is_cancelled_or_refunded(purchase) || counted.contains(cancelled_marker_key(purchase)))
            continue;
        if (placed != counted.end())
            sale = counted_sale_from(placed->second);
        if constexpr (!has_seeded_fault("cancellation-not-counted"))
            subtract_sale(summary, sale);
        actions.emplace_back(marker(cancelled_marker_key(purchase)));
    }
    for (const UserId& user : chunk.registrations) {
        if (counted.contains(registered_marker_key(user)))
            continue;
        ++summary.new_user_registrations;
        actions.emplace_back(marker(registered_marker_key(user)));
        update.registrations_ms.push_back(static_cast<std::int64_t>(user.time_ms()));
    }
    return update;
}

Task<StoreResult<DaySummary>> apply_chunk(TenantItems& items, DaySummary before, const Chunk& chunk,
                                          TenantCounters counters)
{
    for (int conflicts = 0;; ++conflicts) {
        const auto counted = co_await read_markers(items, chunk);
        if (!counted)
            co_return std::unexpected(counted.error());
        const auto categories = co_await read_categories(items, chunk, *counted);
        if (!categories)
            co_return std::unexpected(categories.error());
        auto update = count_events(chunk, *counted, *categories, before);
        if (update.actions.empty())
            co_return before;
        update.actions.emplace_back(summary_put(update.after));
        ++update.after.version;
        const auto stored = co_await items.transact(std::move(update.actions));
        if (stored) {
            update.add_to(counters);
            co_return std::move(update.after);
        }
        if (!is_condition_failed(stored.error()))
            co_return std::unexpected(stored.error());
        if (conflicts == max_conflicts)
            co_return std::unexpected(
                StoreError{StoreError::Code::conflict, "the daily summary is under contention", {}});
        auto now = co_await read_day_summary(items, before.day);
        if (!now)
            co_return std::unexpected(now.error());
        before = std::move(*now);
    }
}

} // namespace

Task<Result<DaySummary>> apply_to_daily_summary(TenantItems& items, Day day, DayEvents events, TenantCounters counters)
{
    auto summary = co_await read_day_summary(items, day);
    if (!summary)
        co_return store_failure(summary.error());
    for (const Chunk& chunk : split_into_chunks(std::move(events))) {
        summary = co_await apply_chunk(items, std::move(*summary), chunk, counters);
        if (!summary)
            co_return store_failure(summary.error());
    }
    co_return std::move(*summary);
}

} // namespace estante

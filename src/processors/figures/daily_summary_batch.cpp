#include "processors/figures/daily_summary_batch.hpp"

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

constexpr std::size_t most_markers = 99;  // beside the summary: a transaction has 100 actions
constexpr std::size_t most_lines = 4'000; // so that the markers stay well below a transaction's 4 MB
constexpr std::size_t entries_at_once = 100;
constexpr int max_attempts = 20; // with other writers of one day, before the batch has to come again

// What one transaction can count.
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

std::vector<Chunk> chunks_of(DayEvents events)
{
    std::vector<Chunk> chunks(1);
    std::size_t markers = 0;
    const auto room_for = [&](std::size_t more_markers, std::size_t more_lines) -> Chunk& {
        if (markers + more_markers > most_markers || chunks.back().lines + more_lines > most_lines) {
            chunks.emplace_back();
            markers = 0;
        }
        markers += more_markers;
        chunks.back().lines += more_lines;
        return chunks.back();
    };
    for (Purchase& purchase : events.purchases) {
        Chunk& chunk = room_for(is_cancelled_or_refunded(purchase) ? 2 : 1, purchase.lines.size());
        chunk.purchases.push_back(std::move(purchase));
    }
    for (UserId& user : events.registrations)
        room_for(1, 0).registrations.push_back(std::move(user));
    return chunks;
}

using Markers = std::map<Key, Item>; // that are there

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

// The categories of the books of purchases that are to be counted, as the catalogue has them now.
Task<StoreResult<std::map<BookId, std::string>>> read_categories(TenantItems& items, const Chunk& chunk,
                                                                 const Markers& markers)
{
    std::set<BookId> wanted;
    for (const Purchase& purchase : chunk.purchases) {
        if (markers.contains(placed_marker_key(purchase)))
            continue;
        for (const PurchaseLine& line : purchase.lines)
            wanted.insert(line.book_id);
    }
    std::map<BookId, std::string> categories;
    const std::vector<BookId> books(wanted.begin(), wanted.end());
    for (std::size_t first = 0; first < books.size(); first += entries_at_once) {
        const auto some = std::span(books).subspan(first, std::min(entries_at_once, books.size() - first));
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

// What one transaction counts.
struct Counting {
    DaySummary after{};
    std::vector<Action> actions{}; // the markers to put
    std::vector<std::int64_t> purchases_ms{};
    std::vector<std::int64_t> registrations_ms{};

    void tell(ShopCounters shop) const
    {
        for (const auto at_ms : purchases_ms)
            shop.counters.add_at(shop.tenant, BusinessCounter::book_purchases, at_ms);
        for (const auto at_ms : registrations_ms)
            shop.counters.add_at(shop.tenant, BusinessCounter::new_user_registrations, at_ms);
    }
};

Counting count(const Chunk& chunk, const Markers& counted, const std::map<BookId, std::string>& categories,
               const DaySummary& before)
{
    Counting counting{.after = before};
    DaySummary& summary = counting.after;
    std::vector<Action>& actions = counting.actions;
    for (const Purchase& purchase : chunk.purchases) {
        const auto placed = counted.find(placed_marker_key(purchase));
        CountedSale sale;
        if (placed == counted.end()) {
            sale = to_counted_sale(purchase, categories);
            add_sale(summary, sale);
            summary.currency = purchase.currency;
            actions.emplace_back(placed_marker_put(purchase, sale));
            counting.purchases_ms.push_back(static_cast<std::int64_t>(purchase.id.time_ms()));
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
        counting.registrations_ms.push_back(static_cast<std::int64_t>(user.time_ms()));
    }
    return counting;
}

Task<StoreResult<DaySummary>> count_chunk(TenantItems& items, DaySummary before, const Chunk& chunk, ShopCounters shop)
{
    for (int meeting = 0;; ++meeting) {
        const auto counted = co_await read_markers(items, chunk);
        if (!counted)
            co_return std::unexpected(counted.error());
        const auto categories = co_await read_categories(items, chunk, *counted);
        if (!categories)
            co_return std::unexpected(categories.error());
        auto counting = count(chunk, *counted, *categories, before);
        if (counting.actions.empty())
            co_return before;
        counting.actions.emplace_back(summary_put(counting.after));
        ++counting.after.version;
        const auto stored = co_await items.transact(std::move(counting.actions));
        if (stored) {
            counting.tell(shop);
            co_return std::move(counting.after);
        }
        if (!is_condition_failed(stored.error()))
            co_return std::unexpected(stored.error());
        if (meeting == max_attempts)
            co_return std::unexpected(StoreError{StoreError::Code::conflict, "others write this day's summary", {}});
        auto now = co_await read_day_summary(items, before.day);
        if (!now)
            co_return std::unexpected(now.error());
        before = std::move(*now);
    }
}

} // namespace

bool is_cancelled_or_refunded(const Purchase& purchase)
{
    return purchase.status == PurchaseStatus::cancelled || purchase.status == PurchaseStatus::refunded;
}

Task<Result<DaySummary>> apply_to_daily_summary(TenantItems& items, Day day, DayEvents events, ShopCounters shop)
{
    auto summary = co_await read_day_summary(items, day);
    if (!summary)
        co_return store_failure(summary.error());
    for (const Chunk& chunk : chunks_of(std::move(events))) {
        summary = co_await count_chunk(items, std::move(*summary), chunk, shop);
        if (!summary)
            co_return store_failure(summary.error());
    }
    co_return std::move(*summary);
}

} // namespace estante

#include "processors/lake/lake_state.hpp"

#include "codec/lake_layout.hpp"
#include "processors/lake/close_day.hpp"
#include "processors/lake/closed_days.hpp"
#include "processors/lake/summary_object.hpp"

#include <set>
#include <utility>

namespace estante {

namespace {

// Closed days are passed over with one small page each.
Task<Result<std::vector<OpenDay>>> open_days(ObjectStore& lake, TenantId tenant, std::set<Day> closed)
{
    std::vector<OpenDay> open;
    std::optional<std::string> after;
    std::size_t limit = 1;
    do {
        const auto page = co_await lake.list(lake_layout::purchases_prefix(tenant), after, limit);
        if (!page)
            co_return lake_failure(page.error());
        after = page->next;
        limit = max_page_objects;
        for (const ObjectInfo& object : page->objects) {
            const auto place = lake_layout::purchase_object(tenant, object.key);
            if (!place)
                continue;
            if (closed.contains(place->day)) {
                after = lake_layout::purchases_prefix(tenant, place->day) + "~"; // after all of its keys
                limit = 1;
                break;
            }
            if (open.empty() || open.back().day != place->day)
                open.push_back({.day = place->day});
            ++open.back().purchases;
            open.back().bytes += object.size_bytes;
        }
    } while (after);
    co_return open;
}

Task<Result<std::vector<std::string>>> missing_parquet(ObjectStore& lake, TenantId tenant, std::set<Day> closed)
{
    std::set<std::string> missing;
    for (const Day day : closed)
        missing.insert(lake_layout::parquet_key(tenant, day));
    std::optional<std::string> after;
    do {
        const auto page = co_await lake.list(lake_layout::parquet_prefix(tenant), after, max_page_objects);
        if (!page)
            co_return lake_failure(page.error());
        for (const ObjectInfo& object : page->objects)
            missing.erase(object.key);
        after = page->next;
    } while (after);
    co_return std::vector<std::string>(missing.begin(), missing.end());
}

} // namespace

Task<Result<LakeState>> lake_state(ObjectStore& lake, LakeTables& tables, TenantId tenant, std::int64_t now_ms)
{
    const auto closed = co_await closed_days(lake, tenant);
    if (!closed)
        co_return lake_failure(closed.error());
    LakeState state{.closed_days = closed->days.size(), .summed_months = closed->months.size()};
    if (!closed->days.empty())
        state.last_closed = *closed->days.rbegin();
    auto open = co_await open_days(lake, tenant, closed->days);
    if (!open)
        co_return std::unexpected(open.error());
    state.open = std::move(*open);
    for (OpenDay& day : state.open) {
        day.due = day.day <= last_due_day(now_ms);
        if (!day.due)
            continue;
        auto damaged = co_await tables.damaged(tenant, day.day);
        if (!damaged)
            co_return std::unexpected(damaged.error());
        day.damaged = std::move(*damaged);
    }
    auto missing = co_await missing_parquet(lake, tenant, closed->days);
    if (!missing)
        co_return std::unexpected(missing.error());
    state.missing = std::move(*missing);
    const auto books = co_await lake.list(lake_layout::books_key(tenant), std::nullopt, 1);
    if (!books)
        co_return lake_failure(books.error());
    if (!books->objects.empty())
        state.books_exported_ms = books->objects.front().modified_ms;
    co_return state;
}

} // namespace estante

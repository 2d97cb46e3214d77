#include "processors/lake/lake_status.hpp"

#include "codec/lake_layout.hpp"
#include "processors/lake/close_day.hpp"
#include "processors/lake/closed_days.hpp"
#include "processors/lake/lake_failure.hpp"

#include <set>
#include <utility>

namespace estante {

namespace {

// A closed day costs one page of one object.
Task<Result<std::vector<OpenDay>>> list_open_days(ObjectStore& lake, TenantId tenant, std::set<Day> closed)
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
            const auto purchase = lake_layout::purchase_object(tenant, object.key);
            if (!purchase)
                continue;
            if (closed.contains(purchase->day)) {
                after = lake_layout::purchases_prefix(tenant, purchase->day) + "~"; // after all of its keys
                limit = 1;
                break;
            }
            if (open.empty() || open.back().day != purchase->day)
                open.push_back({.day = purchase->day});
            ++open.back().purchases;
            open.back().bytes += object.size_bytes;
        }
    } while (after);
    co_return open;
}

Task<Result<std::vector<std::string>>> find_missing_parquet(ObjectStore& lake, TenantId tenant, std::set<Day> closed)
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

Task<Result<LakeStatus>> read_lake_status(ObjectStore& lake, LakeTables& tables, TenantId tenant, std::int64_t now_ms)
{
    const auto closed = co_await closed_days(lake, tenant);
    if (!closed)
        co_return lake_failure(closed.error());
    LakeStatus status{.closed_days = closed->days.size(), .rolled_up_months = closed->months.size()};
    if (!closed->days.empty())
        status.last_closed = *closed->days.rbegin();
    auto open = co_await list_open_days(lake, tenant, closed->days);
    if (!open)
        co_return std::unexpected(open.error());
    status.open = std::move(*open);
    for (OpenDay& day : status.open) {
        day.due = day.day <= last_due_day(now_ms);
        if (!day.due)
            continue;
        auto damaged = co_await tables.damaged(tenant, day.day);
        if (!damaged)
            co_return std::unexpected(damaged.error());
        day.damaged = std::move(*damaged);
    }
    auto missing = co_await find_missing_parquet(lake, tenant, closed->days);
    if (!missing)
        co_return std::unexpected(missing.error());
    status.missing = std::move(*missing);
    const auto books = co_await lake.list(lake_layout::books_key(tenant), std::nullopt, 1);
    if (!books)
        co_return lake_failure(books.error());
    if (!books->objects.empty())
        status.books_exported_ms = books->objects.front().modified_ms;
    co_return status;
}

} // namespace estante

#include "processors/lake/close_day.hpp"

#include "processors/lake/closed_days.hpp"
#include "processors/lake/lake_failure.hpp"

#include <fmt/format.h>

#include <optional>
#include <system_error>
#include <utility>

namespace estante {

namespace {

struct Attempt {
    const TenantId& tenant;
    Day day;
    const std::string& by;
    Clock& clock;
};

// No reader uses the files before the day is closed. Puts nothing if the attempt no longer holds the lease.
Task<Result<void, ObjectError>> put_files(ObjectStore& lake, const Attempt& attempt, const DayFiles& files)
{
    const auto holds_lease =
        co_await holds_day_lease(lake, attempt.tenant, attempt.day, attempt.by, attempt.clock.now_ms());
    if (!holds_lease)
        co_return std::unexpected(holds_lease.error());
    if (!*holds_lease)
        co_return Result<void, ObjectError>();
    auto put = co_await lake.put_file(lake_layout::by_book_key(attempt.tenant, attempt.day), files.books);
    if (put)
        put = co_await lake.put_file(lake_layout::parquet_key(attempt.tenant, attempt.day), files.purchases);
    if (!put)
        co_return std::unexpected(put.error());
    co_return Result<void, ObjectError>();
}

// Writes the Parquet files and puts them into the lake; the number of purchases.
Task<Result<std::uint64_t>> put_parquet(ObjectStore& lake, LakeTables& tables, const Attempt& attempt, DayFiles files)
{
    auto count = co_await tables.write_day(attempt.tenant, attempt.day, files);
    if (count && *count > 0) {
        if (const auto put = co_await put_files(lake, attempt, files); !put)
            count = lake_failure(put.error());
    }
    std::error_code ignored;
    std::filesystem::remove(files.purchases, ignored);
    std::filesystem::remove(files.books, ignored);
    co_return count;
}

} // namespace

Day last_due_day(std::int64_t now_ms)
{
    return day_of(now_ms - std::chrono::milliseconds(allowed_lateness).count()) - std::chrono::days(1);
}

Task<Result<CloseResult>> close_day(ObjectStore& lake, LakeTables& tables, TenantId tenant, Day day, std::string by,
                                    Clock& clock, std::filesystem::path scratch)
{
    const auto list = co_await closed_days(lake, tenant);
    if (!list)
        co_return lake_failure(list.error());
    if (list->days.contains(day))
        co_return CloseResult::nothing;
    const auto acquired = co_await acquire_day_lease(lake, tenant, day, by, clock.now_ms());
    if (!acquired)
        co_return lake_failure(acquired.error());
    if (!*acquired)
        co_return CloseResult::busy;

    const auto count = co_await put_parquet(
        lake, tables, {.tenant = tenant, .day = day, .by = by, .clock = clock},
        {.purchases = scratch / fmt::format("{}.parquet", by), .books = scratch / fmt::format("{}.books.parquet", by)});
    if (!count || *count == 0) {
        const auto released = co_await release_day_lease(lake, tenant, day, by);
        if (!count)
            co_return std::unexpected(count.error());
        if (!released)
            co_return lake_failure(released.error());
        co_return CloseResult::nothing;
    }
    const auto committed = co_await commit_closed_day(lake, tenant, day, by, clock.now_ms());
    if (!committed)
        co_return lake_failure(committed.error());
    co_return *committed ? CloseResult::closed : CloseResult::changed;
}

Task<Result<std::vector<Day>>> days_to_close(ObjectStore& lake, TenantId tenant, std::int64_t now_ms, std::size_t limit,
                                             std::optional<Day> after_day)
{
    const auto closed = co_await closed_days(lake, tenant);
    if (!closed)
        co_return lake_failure(closed.error());
    const auto last = last_due_day(now_ms);
    const auto prefix = lake_layout::purchases_prefix(tenant);
    const auto end_of = [&tenant](Day day) { return lake_layout::purchases_prefix(tenant, day) + "~"; };
    std::vector<Day> days;
    std::optional<std::string> after;
    if (after_day)
        after = end_of(*after_day);
    while (days.size() < limit) {
        const auto page = co_await lake.list(prefix, after, 1);
        if (!page)
            co_return lake_failure(page.error());
        if (page->objects.empty())
            break;
        const auto object = lake_layout::purchase_object(tenant, page->objects.front().key);
        if (!object) {
            after = page->objects.front().key;
            continue;
        }
        if (object->day > last)
            break;
        if (!closed->days.contains(object->day))
            days.push_back(object->day);
        after = end_of(object->day);
    }
    co_return days;
}

} // namespace estante

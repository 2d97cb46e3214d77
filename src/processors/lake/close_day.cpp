#include "processors/lake/close_day.hpp"

#include "processors/lake/closed_days.hpp"

#include <fmt/format.h>

#include <optional>
#include <system_error>
#include <utility>

namespace estante {

namespace {

std::unexpected<Error> lake_away(std::string detail)
{
    return failure(Errc::unavailable, "El lago de datos no responde.", std::move(detail));
}

struct Attempt {
    const TenantId& tenant;
    Day day;
    const std::string& by;
    Clock& clock;
};

// In their places, which no reader looks at before the day is closed, unless the day is no longer this attempt's.
Task<Result<void, ObjectError>> put_files(ObjectStore& lake, const Attempt& attempt, const DayFiles& files)
{
    const auto ours = co_await closing_holds(lake, attempt.tenant, attempt.day, attempt.by, attempt.clock.now_ms());
    if (!ours)
        co_return std::unexpected(ours.error());
    if (!*ours)
        co_return Result<void, ObjectError>();
    auto put = co_await lake.put_file(lake_layout::by_book_key(attempt.tenant, attempt.day), files.books);
    if (put)
        put = co_await lake.put_file(lake_layout::parquet_key(attempt.tenant, attempt.day), files.purchases);
    if (!put)
        co_return std::unexpected(put.error());
    co_return Result<void, ObjectError>();
}

// Makes the Parquet and puts it.
Task<Result<std::uint64_t>> put_parquet(ObjectStore& lake, LakeTables& tables, const Attempt& attempt, DayFiles files)
{
    auto count = co_await tables.write_day(attempt.tenant, attempt.day, files);
    if (count && *count > 0) {
        if (const auto put = co_await put_files(lake, attempt, files); !put)
            count = lake_away(put.error().detail);
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
        co_return lake_away(list.error().detail);
    if (list->days.contains(day))
        co_return CloseResult::nothing;
    const auto begun = co_await begin_closing(lake, tenant, day, by, clock.now_ms());
    if (!begun)
        co_return lake_away(begun.error().detail);
    if (!*begun)
        co_return CloseResult::busy;

    const auto count = co_await put_parquet(
        lake, tables, {.tenant = tenant, .day = day, .by = by, .clock = clock},
        {.purchases = scratch / fmt::format("{}.parquet", by), .books = scratch / fmt::format("{}.books.parquet", by)});
    if (!count || *count == 0) {
        const auto given_up = co_await give_up_closing(lake, tenant, day, by);
        if (!count)
            co_return std::unexpected(count.error());
        if (!given_up)
            co_return lake_away(given_up.error().detail);
        co_return CloseResult::nothing;
    }
    const auto finished = co_await finish_closing(lake, tenant, day, by, clock.now_ms());
    if (!finished)
        co_return lake_away(finished.error().detail);
    co_return *finished ? CloseResult::closed : CloseResult::changed;
}

Task<Result<std::vector<Day>>> days_to_close(ObjectStore& lake, TenantId tenant, std::int64_t now_ms, std::size_t limit,
                                             std::optional<Day> after_day)
{
    const auto closed = co_await closed_days(lake, tenant);
    if (!closed)
        co_return lake_away(closed.error().detail);
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
            co_return lake_away(page.error().detail);
        if (page->objects.empty())
            break;
        const auto place = lake_layout::purchase_object(tenant, page->objects.front().key);
        if (!place) {
            after = page->objects.front().key;
            continue;
        }
        if (place->day > last)
            break;
        if (!closed->days.contains(place->day))
            days.push_back(place->day);
        after = end_of(place->day);
    }
    co_return days;
}

} // namespace estante

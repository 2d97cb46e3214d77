#include "processors/lake/monthly_rollup.hpp"

#include "codec/lake_layout.hpp"
#include "processors/lake/close_day.hpp"
#include "processors/lake/closed_days.hpp"
#include "processors/lake/lake_failure.hpp"

#include <fmt/format.h>

#include <optional>
#include <system_error>
#include <utility>

namespace estante {

namespace {

// Removes the files of attempts before `by`. Those that cannot be removed now are removed with the next rollup.
Task<void> remove_earlier_files(ObjectStore& lake, TenantId tenant, Month month, std::string by)
{
    const auto files = co_await lake.list(lake_layout::by_month_prefix(tenant, month), std::nullopt, max_page_objects);
    if (!files)
        co_return;
    const auto own = lake_layout::by_month_key(tenant, month, by);
    for (const ObjectInfo& file : files->objects) {
        if (file.key >= own || !co_await lake.remove(file.key))
            co_return;
    }
}

Task<Result<void>> put_rollup(ObjectStore& lake, LakeTables& tables, TenantId tenant, std::set<Day> days,
                              std::string key, std::filesystem::path file)
{
    auto written = co_await tables.write_month(tenant, std::move(days), file);
    if (written) {
        if (const auto put = co_await lake.put_file(key, file); !put)
            written = lake_failure(put.error());
    }
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    co_return written;
}

} // namespace

Task<Result<RollupResult>> roll_up_month(ObjectStore& lake, LakeTables& tables, TenantId tenant, Month month,
                                         std::string by, std::int64_t now_ms, std::filesystem::path scratch)
{
    auto days = co_await acquire_month_lease(lake, tenant, month, by, now_ms);
    if (!days)
        co_return lake_failure(days.error());
    if (days->empty())
        co_return RollupResult::nothing;
    const auto key = lake_layout::by_month_key(tenant, month, by);
    const auto written =
        co_await put_rollup(lake, tables, tenant, std::move(*days), key, scratch / fmt::format("{}.month.parquet", by));
    if (!written) {
        const auto released = co_await release_month_lease(lake, tenant, month, by);
        co_return released ? std::unexpected(written.error()) : lake_failure(released.error());
    }
    const auto committed = co_await commit_month_rollup(lake, tenant, month, by, now_ms);
    if (!committed)
        co_return lake_failure(committed.error());
    if (*committed)
        co_await remove_earlier_files(lake, tenant, month, by);
    else
        co_await lake.remove(key); // otherwise the next rollup removes it
    co_return *committed ? RollupResult::summed : RollupResult::changed;
}

Task<Result<std::vector<Month>>> months_to_roll_up(ObjectStore& lake, TenantId tenant, std::int64_t now_ms)
{
    const auto closed = co_await closed_days(lake, tenant);
    if (!closed)
        co_return lake_failure(closed.error());
    const Month current = month_of(last_due_day(now_ms) + std::chrono::days(1));
    std::vector<Month> months;
    for (const Day day : closed->days) {
        const Month month = month_of(day);
        if (month < current && !closed->months.contains(month) && (months.empty() || months.back() != month))
            months.push_back(month);
    }
    co_return months;
}

} // namespace estante

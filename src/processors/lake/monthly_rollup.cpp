#include "processors/lake/monthly_rollup.hpp"

#include "codec/lake_layout.hpp"
#include "processors/lake/close_day.hpp"
#include "processors/lake/closed_days.hpp"
#include "processors/lake/summary_object.hpp"

#include <fmt/format.h>

#include <optional>
#include <system_error>
#include <utility>

namespace estante {

namespace {

// Of attempts before `by`. What stays because the lake is away goes with the next sums.
Task<void> remove_earlier(ObjectStore& lake, TenantId tenant, Month month, std::string by)
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

Task<Result<void>> put_sums(ObjectStore& lake, LakeTables& tables, TenantId tenant, std::set<Day> days, std::string key,
                            std::filesystem::path file)
{
    auto made = co_await tables.write_month(tenant, std::move(days), file);
    if (made) {
        if (const auto put = co_await lake.put_file(key, file); !put)
            made = lake_failure(put.error());
    }
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    co_return made;
}

} // namespace

Task<Result<RollupResult>> roll_up_month(ObjectStore& lake, LakeTables& tables, TenantId tenant, Month month,
                                         std::string by, std::int64_t now_ms, std::filesystem::path scratch)
{
    auto days = co_await begin_summing(lake, tenant, month, by, now_ms);
    if (!days)
        co_return lake_failure(days.error());
    if (days->empty())
        co_return RollupResult::nothing;
    const auto key = lake_layout::by_month_key(tenant, month, by);
    const auto made =
        co_await put_sums(lake, tables, tenant, std::move(*days), key, scratch / fmt::format("{}.month.parquet", by));
    if (!made) {
        const auto given_up = co_await give_up_summing(lake, tenant, month, by);
        co_return given_up ? std::unexpected(made.error()) : lake_failure(given_up.error());
    }
    const auto finished = co_await finish_summing(lake, tenant, month, by, now_ms);
    if (!finished)
        co_return lake_failure(finished.error());
    if (*finished)
        co_await remove_earlier(lake, tenant, month, by);
    else
        co_await lake.remove(key); // if it stays, it goes with the next sums
    co_return *finished ? RollupResult::summed : RollupResult::changed;
}

Task<Result<std::vector<Month>>> months_to_sum(ObjectStore& lake, TenantId tenant, std::int64_t now_ms)
{
    const auto closed = co_await closed_days(lake, tenant);
    if (!closed)
        co_return lake_failure(closed.error());
    const Month running = month_of(last_due_day(now_ms) + std::chrono::days(1));
    std::vector<Month> months;
    for (const Day day : closed->days) {
        const Month month = month_of(day);
        if (month < running && !closed->months.contains(month) && (months.empty() || months.back() != month))
            months.push_back(month);
    }
    co_return months;
}

} // namespace estante

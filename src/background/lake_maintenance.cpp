#include "background/lake_maintenance.hpp"

#include "domain/calendar.hpp"
#include "ports/rules/partitions.hpp"
#include "processors/lake/close_day.hpp"
#include "processors/lake/export_books.hpp"
#include "processors/lake/monthly_rollup.hpp"
#include "processors/tenant_ids.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace estante {

LakeMaintenance::LakeMaintenance(Needs needs) : needs_(std::move(needs)) {}

void LakeMaintenance::record_changes(const std::vector<Change>& changes)
{
    const std::lock_guard lock(mutex_);
    for (const Change& change : changes) {
        if (affects_export(change))
            changed_.insert(TenantId{std::string(tenant_of(change.key.pk))});
    }
}

Task<void> LakeMaintenance::run_round()
{
    try {
        const auto tenants = co_await read_tenant_ids(AllItems(needs_.items));
        if (!tenants) {
            spdlog::warn("lake maintenance: cannot read the tenants: {}; the next round tries again",
                         tenants.error().detail);
            co_return;
        }
        for (const TenantId& tenant : *tenants)
            co_await maintain(tenant);
    } catch (const std::exception& error) {
        spdlog::warn("lake maintenance: {}; the next round tries again", error.what());
    }
}

Task<void> LakeMaintenance::maintain(TenantId tenant)
{
    try {
        co_await export_if_changed(tenant);
        auto changing = co_await close_days(tenant);
        co_await roll_up_months(tenant, std::move(changing));
    } catch (const std::exception& error) {
        spdlog::warn("lake of {}: {}; the next round tries again", tenant.value, error.what());
    }
}

Task<std::set<Month>> LakeMaintenance::close_days(TenantId tenant)
{
    std::set<Month> months;
    const auto tried = last_tried_.find(tenant);
    const auto after = tried == last_tried_.end() ? std::nullopt : std::optional(tried->second);
    const auto days = co_await days_to_close(needs_.lake, tenant, needs_.clock.now_ms(), max_days_per_round, after);
    if (!days) {
        spdlog::warn("lake of {}: cannot list the days to close: {}", tenant.value, days.error().detail.en);
        co_return months;
    }
    last_tried_.erase(tenant);
    if (days->size() == max_days_per_round)
        last_tried_.emplace(tenant, days->back());
    for (const Day day : *days) {
        const auto by = to_string(needs_.ids.next());
        const auto result =
            co_await close_day(needs_.lake, needs_.tables, tenant, day, by, needs_.clock, needs_.scratch);
        if (!result)
            spdlog::warn("lake of {}: cannot close {}: {}", tenant.value, CalendarDate::of(day).value,
                         result.error().detail.en);
        else if (*result == CloseResult::closed)
            months.insert(month_of(day));
    }
    co_return months;
}

// A month is rolled up when a round closed none of its days. A day that cannot be closed does not delay it.
Task<void> LakeMaintenance::roll_up_months(TenantId tenant, std::set<Month> changing)
{
    const auto months = co_await months_to_roll_up(needs_.lake, tenant, needs_.clock.now_ms());
    if (!months) {
        spdlog::warn("lake of {}: cannot list the months to roll up: {}", tenant.value, months.error().detail.en);
        co_return;
    }
    for (const Month month : *months) {
        if (changing.contains(month))
            continue;
        const auto by = to_string(needs_.ids.next());
        const auto result = co_await roll_up_month(needs_.lake, needs_.tables, tenant, month, by, needs_.clock.now_ms(),
                                                   needs_.scratch);
        if (!result)
            spdlog::warn("lake of {}: cannot roll up the month of {}: {}", tenant.value,
                         CalendarDate::of(days_in(month).first).value, result.error().detail.en);
    }
}

// Changes during the export are exported by the next round.
Task<void> LakeMaintenance::export_if_changed(TenantId tenant)
{
    {
        const std::lock_guard lock(mutex_);
        if (changed_.erase(tenant) == 0 && exported_.contains(tenant))
            co_return;
    }
    const auto file = needs_.scratch / fmt::format("{}.books.parquet", to_string(needs_.ids.next()));
    const auto count = co_await export_books(AllItems(needs_.items), tenant, needs_.lake, needs_.tables, file);
    if (count) {
        exported_.insert(tenant);
        co_return;
    }
    spdlog::warn("lake of {}: cannot export the catalogue: {}", tenant.value, count.error().detail.en);
    const std::lock_guard lock(mutex_);
    changed_.insert(tenant);
}

} // namespace estante

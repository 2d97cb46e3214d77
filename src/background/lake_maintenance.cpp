#include "background/lake_maintenance.hpp"

#include "domain/calendar.hpp"
#include "ports/rules/partitions.hpp"
#include "processors/lake/close_day.hpp"
#include "processors/lake/export_books.hpp"
#include "processors/lake/monthly_rollup.hpp"
#include "runtime/run_task.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <exception>
#include <string>
#include <utility>

namespace estante {

namespace {

constexpr std::size_t days_a_round = 10; // of one shop: none waits for a long past of another

} // namespace

LakeMaintenance::LakeMaintenance(Needs needs) : needs_(std::move(needs)), every_(needs_.interval, [this] { work(); }) {}

void LakeMaintenance::saw(const std::vector<Change>& changes)
{
    const std::lock_guard lock(mutex_);
    for (const Change& change : changes) {
        if (shows_in_export(change))
            changed_.insert(TenantId{std::string(tenant_of(change.key.pk))});
    }
}

void LakeMaintenance::work()
{
    const std::lock_guard one(working_);
    try {
        for (const TenantId& shop : needs_.shops()) {
            export_if_changed(shop);
            sum_months(shop, close_days(shop));
        }
    } catch (const std::exception& error) {
        spdlog::warn("upkeep of the lake: {}; it is tried again", error.what());
    }
}

std::set<Month> LakeMaintenance::close_days(const TenantId& shop)
{
    std::set<Month> months;
    const auto tried = tried_last_.find(shop);
    const auto after = tried == tried_last_.end() ? std::nullopt : std::optional(tried->second);
    const auto days = run_task(days_to_close(needs_.lake, shop, needs_.clock.now_ms(), days_a_round, after));
    if (!days) {
        spdlog::warn("closing days of {}: {}", shop.value, days.error().detail.en);
        return months;
    }
    tried_last_.erase(shop);
    if (days->size() == days_a_round)
        tried_last_.emplace(shop, days->back());
    for (const Day day : *days) {
        const auto by = to_string(needs_.ids.next());
        const auto closing =
            run_task(close_day(needs_.lake, needs_.tables, shop, day, by, needs_.clock, needs_.scratch));
        if (!closing)
            spdlog::warn("{} of {} stays open: {}", CalendarDate::of(day).value, shop.value, closing.error().detail.en);
        else if (*closing == CloseResult::closed)
            months.insert(month_of(day));
    }
    return months;
}

// A month of which days are still being closed waits, but not for one that cannot be.
void LakeMaintenance::sum_months(const TenantId& shop, const std::set<Month>& growing)
{
    const auto months = run_task(months_to_sum(needs_.lake, shop, needs_.clock.now_ms()));
    if (!months) {
        spdlog::warn("summing months of {}: {}", shop.value, months.error().detail.en);
        return;
    }
    for (const Month month : *months) {
        if (growing.contains(month))
            continue;
        const auto by = to_string(needs_.ids.next());
        const auto summing =
            run_task(roll_up_month(needs_.lake, needs_.tables, shop, month, by, needs_.clock.now_ms(), needs_.scratch));
        if (!summing)
            spdlog::warn("the month of {} of {} has no sums: {}", CalendarDate::of(days_in(month).first).value,
                         shop.value, summing.error().detail.en);
    }
}

// Changes that come while it is written are for the next round.
void LakeMaintenance::export_if_changed(const TenantId& shop)
{
    {
        const std::lock_guard lock(mutex_);
        if (changed_.erase(shop) == 0 && exported_.contains(shop))
            return;
    }
    const auto file = needs_.scratch / fmt::format("{}.books.parquet", to_string(needs_.ids.next()));
    const auto count = run_task(export_books(AllItems(needs_.items), shop, needs_.lake, needs_.tables, file));
    if (count) {
        exported_.insert(shop);
        return;
    }
    spdlog::warn("exporting the catalogue of {}: {}", shop.value, count.error().detail.en);
    const std::lock_guard lock(mutex_);
    changed_.insert(shop);
}

} // namespace estante

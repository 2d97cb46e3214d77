#include "processors/lake/closed_days.hpp"

#include "ports/rules/object_rules.hpp"

#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace estante {

namespace {

using lake_layout::ClosedDays;

constexpr int max_attempts = 50; // each fails only if another writer of the list succeeds

struct ReadList {
    ClosedDays days{};
    IfObject unchanged{}; // the condition for replacing it
};

Task<Result<ReadList, ObjectError>> read_list(ObjectStore& lake, const TenantId& tenant)
{
    const auto key = lake_layout::closed_days_key(tenant);
    const auto object = co_await lake.get(key);
    if (!object)
        co_return std::unexpected(object.error());
    if (!*object)
        co_return ReadList{.days = {}, .unchanged = {.absent = true}};
    auto days = ClosedDays::parse((*object)->bytes);
    if (!days)
        co_return object_error(ObjectError::Code::unavailable, key + " is damaged");
    co_return ReadList{.days = std::move(*days), .unchanged = {.etag = (*object)->etag}};
}

// Changes the list and returns the result of the operation. It is called again with the newer list after a conflict. An
// unchanged list is not written.
using ListChange = std::function<bool(ClosedDays&)>;

Task<Result<bool, ObjectError>> change_list(ObjectStore& lake, TenantId tenant, ListChange change)
{
    for (int attempt = 0; attempt < max_attempts; ++attempt) {
        auto list = co_await read_list(lake, tenant);
        if (!list)
            co_return std::unexpected(list.error());
        ClosedDays changed = list->days;
        const bool result = change(changed);
        if (changed == list->days)
            co_return result;
        const auto put = co_await lake.put(lake_layout::closed_days_key(tenant), changed.text(), list->unchanged);
        if (put)
            co_return result;
        if (put.error().code != ObjectError::Code::precondition_failed)
            co_return std::unexpected(put.error());
    }
    co_return object_error(ObjectError::Code::unavailable,
                           lake_layout::closed_days_key(tenant) + " is under contention");
}

// By day or month.
template <class When> using Leases = std::map<When, ClosedDays::Lease>;

// False: another attempt holds the lease.
template <class When> bool acquire(Leases<When>& leases, When when, const std::string& by, std::int64_t now_ms)
{
    const auto running = leases.find(when);
    if (running != leases.end() && running->second.until_ms > now_ms)
        return false;
    leases.insert_or_assign(when, ClosedDays::Lease{.by = by, .until_ms = now_ms + lake_lease_duration.count()});
    return true;
}

template <class When> bool holds(const Leases<When>& leases, When when, const std::string& by, std::int64_t now_ms)
{
    const auto running = leases.find(when);
    return running != leases.end() && running->second.by == by && !running->second.broken &&
           running->second.until_ms > now_ms;
}

template <class When> bool release(Leases<When>& leases, When when, const std::string& by)
{
    return std::erase_if(leases, [&](const auto& entry) { return entry.first == when && entry.second.by == by; }) > 0;
}

// Releases the lease; true if it was still valid.
template <class When> bool release_valid(Leases<When>& leases, When when, const std::string& by, std::int64_t now_ms)
{
    const bool valid = holds(leases, when, by, now_ms);
    release(leases, when, by);
    return valid;
}

// The month's closed days have changed, so its rollup is no longer used.
void drop_rollup(ClosedDays& days, Month month)
{
    days.months.erase(month);
    if (const auto running = days.summing.find(month); running != days.summing.end())
        running->second.broken = true;
}

} // namespace

Task<Result<ClosedDays, ObjectError>> closed_days(ObjectStore& lake, TenantId tenant)
{
    auto list = co_await read_list(lake, tenant);
    if (!list)
        co_return std::unexpected(list.error());
    co_return std::move(list->days);
}

Task<Result<bool, ObjectError>> reopen_day(ObjectStore& lake, TenantId tenant, Day day)
{
    co_return co_await change_list(lake, std::move(tenant), [day](ClosedDays& days) {
        const bool closed = days.days.erase(day) > 0;
        if (closed)
            drop_rollup(days, month_of(day));
        const auto running = days.closing.find(day);
        if (running == days.closing.end())
            return closed;
        running->second.broken = true;
        return true;
    });
}

Task<Result<bool, ObjectError>> acquire_day_lease(ObjectStore& lake, TenantId tenant, Day day, std::string by,
                                                  std::int64_t now_ms)
{
    co_return co_await change_list(lake, std::move(tenant), [=](ClosedDays& days) {
        return !days.days.contains(day) && acquire(days.closing, day, by, now_ms);
    });
}

Task<Result<bool, ObjectError>> commit_closed_day(ObjectStore& lake, TenantId tenant, Day day, std::string by,
                                                  std::int64_t now_ms)
{
    co_return co_await change_list(lake, std::move(tenant), [=](ClosedDays& days) {
        if (!release_valid(days.closing, day, by, now_ms))
            return false;
        days.days.insert(day);
        drop_rollup(days, month_of(day));
        return true;
    });
}

Task<Result<bool, ObjectError>> holds_day_lease(ObjectStore& lake, TenantId tenant, Day day, std::string by,
                                                std::int64_t now_ms)
{
    const auto list = co_await closed_days(lake, std::move(tenant));
    if (!list)
        co_return std::unexpected(list.error());
    co_return holds(list->closing, day, by, now_ms);
}

Task<Result<void, ObjectError>> release_day_lease(ObjectStore& lake, TenantId tenant, Day day, std::string by)
{
    const auto changed =
        co_await change_list(lake, std::move(tenant), [=](ClosedDays& days) { return release(days.closing, day, by); });
    if (!changed)
        co_return std::unexpected(changed.error());
    co_return Result<void, ObjectError>{};
}

Task<Result<std::set<Day>, ObjectError>> acquire_month_lease(ObjectStore& lake, TenantId tenant, Month month,
                                                             std::string by, std::int64_t now_ms)
{
    std::set<Day> to_roll_up;
    const auto acquired = co_await change_list(lake, std::move(tenant), [&](ClosedDays& days) {
        const auto [first, last] = days_in(month);
        to_roll_up = {days.days.lower_bound(first), days.days.upper_bound(last)};
        const bool is_due = !to_roll_up.empty() && !days.months.contains(month);
        if (is_due && acquire(days.summing, month, by, now_ms))
            return true;
        to_roll_up.clear();
        return false;
    });
    if (!acquired)
        co_return std::unexpected(acquired.error());
    co_return to_roll_up;
}

Task<Result<bool, ObjectError>> commit_month_rollup(ObjectStore& lake, TenantId tenant, Month month, std::string by,
                                                    std::int64_t now_ms)
{
    co_return co_await change_list(lake, std::move(tenant), [=](ClosedDays& days) {
        if (!release_valid(days.summing, month, by, now_ms))
            return false;
        days.months[month] = by;
        return true;
    });
}

Task<Result<void, ObjectError>> release_month_lease(ObjectStore& lake, TenantId tenant, Month month, std::string by)
{
    const auto changed = co_await change_list(lake, std::move(tenant),
                                              [=](ClosedDays& days) { return release(days.summing, month, by); });
    if (!changed)
        co_return std::unexpected(changed.error());
    co_return Result<void, ObjectError>{};
}

} // namespace estante

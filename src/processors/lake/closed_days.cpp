#include "processors/lake/closed_days.hpp"

#include "ports/rules/object_rules.hpp"

#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace estante {

namespace {

using lake_layout::ClosedDays;

constexpr int attempts = 50; // each lost to another writer of the same shop's list

struct ReadList {
    ClosedDays days{};
    IfObject as_it_was{};
};

Task<Result<ReadList, ObjectError>> read_list(ObjectStore& lake, const TenantId& tenant)
{
    const auto key = lake_layout::closed_days_key(tenant);
    const auto object = co_await lake.get(key);
    if (!object)
        co_return std::unexpected(object.error());
    if (!*object)
        co_return ReadList{.days = {}, .as_it_was = {.absent = true}};
    auto days = ClosedDays::parse((*object)->bytes);
    if (!days)
        co_return object_error(ObjectError::Code::unavailable, key + " is damaged");
    co_return ReadList{.days = std::move(*days), .as_it_was = {.etag = (*object)->etag}};
}

// What a change answers; it is asked again on the newer list when another was quicker. Nothing is written when it left
// the list as it was.
using ListChange = std::function<bool(ClosedDays&)>;

Task<Result<bool, ObjectError>> change_list(ObjectStore& lake, TenantId tenant, ListChange change)
{
    for (int attempt = 0; attempt < attempts; ++attempt) {
        auto list = co_await read_list(lake, tenant);
        if (!list)
            co_return std::unexpected(list.error());
        ClosedDays changed = list->days;
        const bool answer = change(changed);
        if (changed == list->days)
            co_return answer;
        const auto put = co_await lake.put(lake_layout::closed_days_key(tenant), changed.text(), list->as_it_was);
        if (put)
            co_return answer;
        if (put.error().code != ObjectError::Code::precondition_failed)
            co_return std::unexpected(put.error());
    }
    co_return object_error(ObjectError::Code::unavailable,
                           lake_layout::closed_days_key(tenant) + ": too many write it at once");
}

template <class When> using Leases = std::map<When, ClosedDays::Lease>;

// False: another makes its files.
template <class When> bool take(Leases<When>& leases, When when, const std::string& by, std::int64_t now_ms)
{
    const auto running = leases.find(when);
    if (running != leases.end() && running->second.until_ms > now_ms)
        return false;
    leases.insert_or_assign(when, ClosedDays::Lease{.by = by, .until_ms = now_ms + closing_lease.count()});
    return true;
}

// What is made may be used.
template <class When> bool holds(const Leases<When>& leases, When when, const std::string& by, std::int64_t now_ms)
{
    const auto running = leases.find(when);
    return running != leases.end() && running->second.by == by && !running->second.broken &&
           running->second.until_ms > now_ms;
}

template <class When> bool give_up(Leases<When>& leases, When when, const std::string& by)
{
    return std::erase_if(leases, [&](const auto& entry) { return entry.first == when && entry.second.by == by; }) > 0;
}

// True: what was made may be used.
template <class When> bool finish(Leases<When>& leases, When when, const std::string& by, std::int64_t now_ms)
{
    const bool good = holds(leases, when, by, now_ms);
    give_up(leases, when, by);
    return good;
}

// Its closed days are others now than those of its sums.
void leave_sums(ClosedDays& days, Month month)
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
            leave_sums(days, month_of(day));
        const auto running = days.closing.find(day);
        if (running == days.closing.end())
            return closed;
        running->second.broken = true;
        return true;
    });
}

Task<Result<bool, ObjectError>> begin_closing(ObjectStore& lake, TenantId tenant, Day day, std::string by,
                                              std::int64_t now_ms)
{
    co_return co_await change_list(lake, std::move(tenant), [=](ClosedDays& days) {
        return !days.days.contains(day) && take(days.closing, day, by, now_ms);
    });
}

Task<Result<bool, ObjectError>> finish_closing(ObjectStore& lake, TenantId tenant, Day day, std::string by,
                                               std::int64_t now_ms)
{
    co_return co_await change_list(lake, std::move(tenant), [=](ClosedDays& days) {
        if (!finish(days.closing, day, by, now_ms))
            return false;
        days.days.insert(day);
        leave_sums(days, month_of(day));
        return true;
    });
}

Task<Result<bool, ObjectError>> closing_holds(ObjectStore& lake, TenantId tenant, Day day, std::string by,
                                              std::int64_t now_ms)
{
    const auto list = co_await closed_days(lake, std::move(tenant));
    if (!list)
        co_return std::unexpected(list.error());
    co_return holds(list->closing, day, by, now_ms);
}

Task<Result<void, ObjectError>> give_up_closing(ObjectStore& lake, TenantId tenant, Day day, std::string by)
{
    const auto changed =
        co_await change_list(lake, std::move(tenant), [=](ClosedDays& days) { return give_up(days.closing, day, by); });
    if (!changed)
        co_return std::unexpected(changed.error());
    co_return Result<void, ObjectError>{};
}

Task<Result<std::set<Day>, ObjectError>> begin_summing(ObjectStore& lake, TenantId tenant, Month month, std::string by,
                                                       std::int64_t now_ms)
{
    std::set<Day> to_sum;
    const auto begun = co_await change_list(lake, std::move(tenant), [&](ClosedDays& days) {
        const auto [first, last] = days_in(month);
        to_sum = {days.days.lower_bound(first), days.days.upper_bound(last)};
        const bool wanted = !to_sum.empty() && !days.months.contains(month);
        if (wanted && take(days.summing, month, by, now_ms))
            return true;
        to_sum.clear();
        return false;
    });
    if (!begun)
        co_return std::unexpected(begun.error());
    co_return to_sum;
}

Task<Result<bool, ObjectError>> finish_summing(ObjectStore& lake, TenantId tenant, Month month, std::string by,
                                               std::int64_t now_ms)
{
    co_return co_await change_list(lake, std::move(tenant), [=](ClosedDays& days) {
        if (!finish(days.summing, month, by, now_ms))
            return false;
        days.months[month] = by;
        return true;
    });
}

Task<Result<void, ObjectError>> give_up_summing(ObjectStore& lake, TenantId tenant, Month month, std::string by)
{
    const auto changed = co_await change_list(lake, std::move(tenant),
                                              [=](ClosedDays& days) { return give_up(days.summing, month, by); });
    if (!changed)
        co_return std::unexpected(changed.error());
    co_return Result<void, ObjectError>{};
}

} // namespace estante

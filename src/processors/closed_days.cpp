#include "processors/closed_days.hpp"

#include "ports/object_rules.hpp"

#include <algorithm>
#include <functional>
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

Task<Held<ReadList>> read_list(ObjectStore& lake, const TenantId& tenant)
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

Task<Held<bool>> change_list(ObjectStore& lake, TenantId tenant, ListChange change)
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

auto closing_of(ClosedDays& days, Day day)
{
    return std::ranges::find(days.closing, day, &ClosedDays::Closing::day);
}

} // namespace

Task<Held<ClosedDays>> closed_days(ObjectStore& lake, TenantId tenant)
{
    auto list = co_await read_list(lake, tenant);
    if (!list)
        co_return std::unexpected(list.error());
    co_return std::move(list->days);
}

Task<Held<bool>> reopen_day(ObjectStore& lake, TenantId tenant, Day day)
{
    co_return co_await change_list(lake, std::move(tenant), [day](ClosedDays& days) {
        const bool closed = days.days.erase(day) > 0;
        const auto running = closing_of(days, day);
        if (running == days.closing.end())
            return closed;
        running->broken = true;
        return true;
    });
}

Task<Held<bool>> begin_closing(ObjectStore& lake, TenantId tenant, Day day, std::string by, std::int64_t now_ms)
{
    co_return co_await change_list(lake, std::move(tenant), [=](ClosedDays& days) {
        if (days.days.contains(day))
            return false;
        const auto running = closing_of(days, day);
        if (running != days.closing.end()) {
            if (running->until_ms > now_ms)
                return false;
            days.closing.erase(running);
        }
        days.closing.push_back({.day = day, .by = by, .until_ms = now_ms + closing_lease.count()});
        return true;
    });
}

Task<Held<bool>> finish_closing(ObjectStore& lake, TenantId tenant, Day day, std::string by, std::int64_t now_ms)
{
    co_return co_await change_list(lake, std::move(tenant), [=](ClosedDays& days) {
        const auto running = closing_of(days, day);
        if (running == days.closing.end() || running->by != by)
            return false;
        const bool good = !running->broken && running->until_ms > now_ms;
        days.closing.erase(running);
        if (good)
            days.days.insert(day);
        return good;
    });
}

Task<Held<void>> give_up_closing(ObjectStore& lake, TenantId tenant, Day day, std::string by)
{
    const auto changed = co_await change_list(lake, std::move(tenant), [=](ClosedDays& days) {
        return std::erase_if(days.closing, [&](const auto& entry) { return entry.day == day && entry.by == by; }) > 0;
    });
    if (!changed)
        co_return std::unexpected(changed.error());
    co_return Held<void>{};
}

} // namespace estante

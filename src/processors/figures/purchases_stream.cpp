#include "processors/figures/purchases_stream.hpp"

#include "processors/figures/apply_to_daily_summary.hpp"
#include "processors/lake/closed_days.hpp"
#include "processors/lake/lake_failure.hpp"
#include "processors/lake/summary_object.hpp"
#include "records/lake_objects.hpp"
#include "records/purchases.hpp"
#include "records/store_failure.hpp"
#include "records/users.hpp"
#include "runtime/when_all.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <stdexcept>
#include <utility>

namespace estante {

namespace {

constexpr std::size_t max_purchases_per_read = 100;

// What a batch touches of one tenant: each purchase with the first change that names it, and the events by day.
struct TouchedTenant {
    std::map<Key, const Change*> purchases{};
    std::map<Day, DayEvents> days{};
};

using TouchedTenants = std::map<TenantId, TouchedTenant>;

void add_registration(TouchedTenant& touched, const Change& change, const Key& key, std::vector<PoisonRecord>& poison)
{
    if (change.before || !change.after)
        return;
    auto user = UserId::parse(key.pk);
    if (!user)
        return poison.push_back({change, "the partition key names no user"});
    DayEvents& day = touched.days[day_of(static_cast<std::int64_t>(user->time_ms()))];
    if (std::ranges::find(day.registrations, *user) == day.registrations.end())
        day.registrations.push_back(std::move(*user));
}

TouchedTenants find_touched(const std::vector<Change>& changes, std::vector<PoisonRecord>& poison)
{
    TouchedTenants tenants;
    for (const Change& change : changes) {
        const bool purchase = is_purchase(change.table, change.key);
        if (!purchase && !is_user(change.table, change.key))
            continue;
        auto changed = changed_key(change);
        if (!changed)
            continue;
        if (purchase)
            tenants[changed->tenant].purchases.emplace(std::move(changed->key), &change);
        else
            add_registration(tenants[changed->tenant], change, changed->key, poison);
    }
    return tenants;
}

// Reads the purchases as they are now into the events of their days.
Task<Result<void>> read_purchases(TenantItems& items, TouchedTenant& touched, std::vector<PoisonRecord>& poison)
{
    for (auto first = touched.purchases.begin(); first != touched.purchases.end();) {
        std::vector<Key> keys;
        std::vector<const Change*> first_changes;
        for (; first != touched.purchases.end() && keys.size() < max_purchases_per_read; ++first) {
            keys.push_back(first->first);
            first_changes.push_back(first->second);
        }
        const auto found = co_await items.batch_get(Table::purchases, keys);
        if (!found)
            co_return store_failure(found.error());
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (!(*found)[i])
                continue;
            try {
                Purchase purchase = purchase_from(*(*found)[i]);
                if (purchase_key(purchase.user_id, purchase.id) != keys[i])
                    throw std::runtime_error("the purchase's key is not that of its ids");
                const Day day = day_of(static_cast<std::int64_t>(purchase.id.time_ms()));
                touched.days[day].purchases.push_back(std::move(purchase));
            } catch (const std::exception& damaged) {
                poison.push_back({*first_changes[i], damaged.what()});
            }
        }
    }
    co_return Result<void>{};
}

Task<Result<TouchedTenants>> read_touched(AllItems all, const std::vector<Change>& changes,
                                          std::vector<PoisonRecord>& poison)
{
    auto tenants = find_touched(changes, poison);
    for (auto& [tenant, touched] : tenants) {
        TenantItems items = all.of(tenant);
        if (auto read = co_await read_purchases(items, touched, poison); !read)
            co_return std::unexpected(read.error());
    }
    co_return tenants;
}

// From then on reports read the days from the objects of the purchases, not from Parquet.
Task<Result<void>> reopen_days(ObjectStore& lake, const std::map<TenantId, std::vector<Day>>& tenants)
{
    for (const auto& [tenant, days] : tenants) {
        for (const Day day : days) {
            if (const auto open = co_await reopen_day(lake, tenant, day); !open)
                co_return lake_failure(open.error());
        }
    }
    co_return Result<void>{};
}

// Reopens the days before, so that no report reads a purchase twice or in part, and again after, because a day may have
// been closed in between without the object.
Task<Result<void>> put_objects(ObjectStore& lake, std::map<TenantId, std::vector<Day>> tenants,
                               std::vector<NewObject> objects)
{
    if (objects.empty())
        co_return Result<void>{};
    if (auto reopened = co_await reopen_days(lake, tenants); !reopened)
        co_return reopened;
    const auto put = co_await lake.put_all(std::move(objects));
    if (!put)
        co_return lake_failure(put.error());
    co_return co_await reopen_days(lake, tenants);
}

class IgnoredCounters final : public BusinessCounters {
    void add(const TenantId&, BusinessCounter) override {}
    void add_at(const TenantId&, BusinessCounter, std::int64_t) override {}
};

using SummaryHandler = std::function<Task<Result<void>>(const TenantId&, DaySummary)>;

Task<Result<void>> apply_events(AllItems all, BusinessCounters& counters, TouchedTenants& tenants,
                                SummaryHandler on_summary)
{
    for (auto& [tenant, touched] : tenants) {
        TenantItems items = all.of(tenant);
        for (auto& [day, events] : touched.days) {
            auto summary = co_await apply_to_daily_summary(items, day, std::move(events), {tenant, counters});
            if (!summary)
                co_return std::unexpected(summary.error());
            if (auto done = co_await on_summary(tenant, std::move(*summary)); !done)
                co_return done;
        }
    }
    co_return Result<void>{};
}

} // namespace

Task<Result<std::vector<PoisonRecord>>> purchases_stream(AllItems all, ObjectStore& lake, BusinessCounters& counters,
                                                         std::vector<Change> changes)
{
    std::vector<PoisonRecord> poison;
    auto tenants = co_await read_touched(all, changes, poison);
    if (!tenants)
        co_return std::unexpected(tenants.error());
    std::vector<NewObject> objects;
    std::map<TenantId, std::vector<Day>> days;
    for (const auto& [tenant, touched] : *tenants) {
        for (const auto& [day, events] : touched.days) {
            for (const Purchase& purchase : events.purchases)
                objects.push_back(lake::purchase_object(tenant, purchase));
            if (!events.purchases.empty())
                days[tenant].push_back(day);
        }
    }
    const auto [put, counted] =
        co_await when_all(put_objects(lake, std::move(days), std::move(objects)),
                          apply_events(all, counters, *tenants, [&lake](const TenantId& tenant, DaySummary summary) {
                              return put_summary_object(lake, tenant, std::move(summary));
                          }));
    if (!put)
        co_return std::unexpected(put.error());
    if (!counted)
        co_return std::unexpected(counted.error());
    co_return poison;
}

Task<Result<std::vector<PoisonRecord>>> count_purchases(AllItems all, std::vector<Change> changes)
{
    IgnoredCounters counters;
    std::vector<PoisonRecord> poison;
    auto tenants = co_await read_touched(all, changes, poison);
    if (!tenants)
        co_return std::unexpected(tenants.error());
    const auto counted = co_await apply_events(
        all, counters, *tenants, [](const TenantId&, DaySummary) -> Task<Result<void>> { co_return Result<void>{}; });
    if (!counted)
        co_return std::unexpected(counted.error());
    co_return poison;
}

} // namespace estante

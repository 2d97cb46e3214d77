#include "processors/figures/purchases_stream.hpp"

#include "processors/figures/daily_summary_batch.hpp"
#include "processors/lake/closed_days.hpp"
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

constexpr std::size_t purchases_at_once = 100; // of one read

// What a batch says of one shop: each purchase with the first change that names it.
struct TouchedShop {
    std::map<Key, const Change*> purchases{};
    std::map<Day, DayEvents> days{};
};

using TouchedShops = std::map<TenantId, TouchedShop>;

void note_registration(TouchedShop& touched, const Change& change, const Key& key, std::vector<PoisonRecord>& set_aside)
{
    if (change.before || !change.after)
        return;
    auto user = UserId::parse(key.pk);
    if (!user)
        return set_aside.push_back({change, "the partition key names no user"});
    DayEvents& day = touched.days[day_of(static_cast<std::int64_t>(user->time_ms()))];
    if (std::ranges::find(day.registrations, *user) == day.registrations.end())
        day.registrations.push_back(std::move(*user));
}

TouchedShops touched_by(const std::vector<Change>& changes, std::vector<PoisonRecord>& set_aside)
{
    TouchedShops shops;
    for (const Change& change : changes) {
        const bool purchase = is_purchase(change.table, change.key);
        if (!purchase && !is_user(change.table, change.key))
            continue;
        auto changed = changed_key(change);
        if (!changed)
            continue;
        if (purchase)
            shops[changed->tenant].purchases.emplace(std::move(changed->key), &change);
        else
            note_registration(shops[changed->tenant], change, changed->key, set_aside);
    }
    return shops;
}

// Reads what the purchases are now into the days' events.
Task<Result<void>> read_purchases(TenantItems& items, TouchedShop& touched, std::vector<PoisonRecord>& set_aside)
{
    for (auto first = touched.purchases.begin(); first != touched.purchases.end();) {
        std::vector<Key> keys;
        std::vector<const Change*> hints;
        for (; first != touched.purchases.end() && keys.size() < purchases_at_once; ++first) {
            keys.push_back(first->first);
            hints.push_back(first->second);
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
                set_aside.push_back({*hints[i], damaged.what()});
            }
        }
    }
    co_return Result<void>{};
}

Task<Result<TouchedShops>> read_touched(AllItems all, const std::vector<Change>& changes,
                                        std::vector<PoisonRecord>& set_aside)
{
    auto shops = touched_by(changes, set_aside);
    for (auto& [tenant, touched] : shops) {
        TenantItems items = all.of(tenant);
        if (auto read = co_await read_purchases(items, touched, set_aside); !read)
            co_return std::unexpected(read.error());
    }
    co_return shops;
}

// Reports leave the Parquet of the batch's days for the objects.
Task<Result<void>> reopen_days(ObjectStore& lake, const std::map<TenantId, std::vector<Day>>& shops)
{
    for (const auto& [tenant, days] : shops) {
        for (const Day day : days) {
            if (const auto open = co_await reopen_day(lake, tenant, day); !open)
                co_return lake_failure(open.error());
        }
    }
    co_return Result<void>{};
}

// The days are reopened before, so that nobody reads a purchase twice or half changed, and once more after: one may
// have been closed in between without the object.
Task<Result<void>> put_objects(ObjectStore& lake, std::map<TenantId, std::vector<Day>> shops,
                               std::vector<NewObject> objects)
{
    if (objects.empty())
        co_return Result<void>{};
    if (auto reopened = co_await reopen_days(lake, shops); !reopened)
        co_return reopened;
    const auto put = co_await lake.put_all(std::move(objects));
    if (!put)
        co_return lake_failure(put.error());
    co_return co_await reopen_days(lake, shops);
}

class Unheard final : public BusinessCounters {
    void add(const TenantId&, BusinessCounter) override {}
    void add_at(const TenantId&, BusinessCounter, std::int64_t) override {}
};

using Counted = std::function<Task<Result<void>>(const TenantId&, DaySummary)>; // what is done with a day's new summary

Task<Result<void>> count_all(AllItems all, BusinessCounters& counters, TouchedShops& shops, Counted counted)
{
    for (auto& [tenant, touched] : shops) {
        TenantItems items = all.of(tenant);
        for (auto& [day, events] : touched.days) {
            auto summary = co_await apply_to_daily_summary(items, day, std::move(events), {tenant, counters});
            if (!summary)
                co_return std::unexpected(summary.error());
            if (auto done = co_await counted(tenant, std::move(*summary)); !done)
                co_return done;
        }
    }
    co_return Result<void>{};
}

} // namespace

Task<Processed> purchases_stream(AllItems all, ObjectStore& lake, BusinessCounters& counters,
                                 std::vector<Change> changes)
{
    std::vector<PoisonRecord> set_aside;
    auto shops = co_await read_touched(all, changes, set_aside);
    if (!shops)
        co_return std::unexpected(shops.error());
    std::vector<NewObject> objects;
    std::map<TenantId, std::vector<Day>> days;
    for (const auto& [tenant, touched] : *shops) {
        for (const auto& [day, events] : touched.days) {
            for (const Purchase& purchase : events.purchases)
                objects.push_back(lake::purchase_object(tenant, purchase));
            if (!events.purchases.empty())
                days[tenant].push_back(day);
        }
    }
    const auto [put, counted] =
        co_await when_all(put_objects(lake, std::move(days), std::move(objects)),
                          count_all(all, counters, *shops, [&lake](const TenantId& tenant, DaySummary summary) {
                              return put_summary_object(lake, tenant, std::move(summary));
                          }));
    if (!put)
        co_return std::unexpected(put.error());
    if (!counted)
        co_return std::unexpected(counted.error());
    co_return set_aside;
}

Task<Processed> count_purchases(AllItems all, std::vector<Change> changes)
{
    Unheard counters;
    std::vector<PoisonRecord> set_aside;
    auto shops = co_await read_touched(all, changes, set_aside);
    if (!shops)
        co_return std::unexpected(shops.error());
    const auto counted = co_await count_all(
        all, counters, *shops, [](const TenantId&, DaySummary) -> Task<Result<void>> { co_return Result<void>{}; });
    if (!counted)
        co_return std::unexpected(counted.error());
    co_return set_aside;
}

} // namespace estante

// A source and a target of either engine, with two shops in the source.
#pragma once

#include "adapters/memory/memory_item_store.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "moves/move_tenant.hpp"
#include "processors/figures/purchases_stream.hpp"
#include "records/purchases.hpp"
#include "records/summaries.hpp"
#include "records/tenants.hpp"
#include "support/forwarding_store.hpp"
#include "support/ports.hpp"
#include "support/run.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace estante::moves {

// Records the keys written to a store, in order, and calls hooks between reads and writes.
class ObservedStore final : public Store, private ForwardingStore {
public:
    explicit ObservedStore(Store& store) : ForwardingStore(store.items()), store_(store) {}

    std::vector<std::pair<Table, Key>> written;
    std::function<void()> after_scan = [] {}; // after each page read
    std::function<void()> before_write = [] {};

    ItemStore& items() override { return *this; }
    ChangeStream& changes() override { return store_.changes(); }

private:
    Store& store_;

    Task<StoreResult<Page>> scan(Table table, std::size_t limit, std::optional<Cursor> after) override
    {
        auto page = co_await ForwardingStore::scan(table, limit, std::move(after));
        after_scan();
        co_return page;
    }
    Task<StoreResult<void>> batch_write(std::vector<Action> actions) override
    {
        before_write();
        for (const Action& action : actions) {
            if (const Put* put = std::get_if<Put>(&action))
                written.emplace_back(put->table, key_of(put->item));
        }
        return ForwardingStore::batch_write(std::move(actions));
    }
};

class TwoStores {
public:
    enum class Direction { memory_to_sqlite, sqlite_to_memory };

    explicit TwoStores(Direction direction)
        : memory_(create_memory_store(clock)),
          sqlite_(create_sqlite_store(folder_ / "estante.db", clock, partition_versions_)),
          from(direction == Direction::memory_to_sqlite ? *memory_ : *sqlite_),
          to(direction == Direction::memory_to_sqlite ? *sqlite_ : *memory_)
    {
        for (const char* tenant : {"acme", "acme2", "northwind"})
            fill(tenant);
        put({{"pk", "operator#user_1"}, {"sk", "USER#root@example.com"}}, Table::users);
        put({{"pk", "operator#STREAM"}, {"sk", "books_stream"}, {"shards", "only here"}}, Table::users);
        put({{"pk", "acme#guest_9"}, {"sk", "CART"}, {"expires_at", clock.now_ms() / 1000 - 1}}, Table::purchases);
        put({{"pk", "acme#guest_8"}, {"sk", "CART"}, {"expires_at", clock.now_ms() / 1000 + 86'400}}, Table::purchases);
    }

    ManualClock clock;

private:
    TemporaryFolder folder_;
    PartitionVersions partition_versions_;
    std::unique_ptr<Store> memory_;
    std::unique_ptr<SqliteStore> sqlite_;
    CountingIds ids_{clock};

public:
    ObservedStore from;
    ObservedStore to;
    CopyProgress saved; // the last saved progress

    static constexpr int books = 7;
    // Tenant item, account, books, and a purchase with its marker and summary.
    static constexpr int items_per_shop = 2 + books + 3;

    void put(Item item, Table table = Table::books)
    {
        run(from.items().put({.table = table, .item = std::move(item)})).value();
    }
    void remove(const Key& key, Table table = Table::books)
    {
        run(from.items().remove({.table = table, .key = key})).value();
    }
    std::optional<Item> in_target(const Key& key, Table table = Table::books)
    {
        return run(to.items().get(table, key)).value();
    }
    static Item book(const std::string& tenant, int number, int on_hand = 1)
    {
        return {{"pk", tenant + "#book_" + std::to_string(number)}, {"sk", "STOCK"}, {"on_hand", on_hand}};
    }
    TenantStatus status(Store& store, const std::string& tenant)
    {
        TenantItems items(TenantId{tenant}, store.items());
        return run(find_tenant(items)).value().value().status;
    }
    void set_status(const std::string& tenant, TenantStatus status)
    {
        TenantItems items(TenantId{tenant}, from.items());
        run(items.update(tenant_status_update(status, clock.now_ms()))).value();
    }

    // A purchase in the source that no processor has processed.
    Purchase sale(const std::string& tenant)
    {
        Purchase purchase{.id = ids_.make<PurchaseId>(), .user_id = ids_.make<UserId>(), .number = "2026-000001"};
        purchase.lines.push_back(
            {.book_id = ids_.make<BookId>(), .title = "Nada", .unit_price = {20'00}, .subtotal = {20'00}});
        purchase.total = {20'00};
        purchase.currency = "EUR";
        purchase.created_ms = purchase.updated_ms = static_cast<std::int64_t>(purchase.id.time_ms());
        TenantItems items(TenantId{tenant}, from.items());
        run(items.put({.table = Table::purchases, .item = to_item(purchase)})).value();
        return purchase;
    }
    // Processes all changes of a store, as the processor of a server does.
    void process(ObservedStore& store)
    {
        run(count_purchases(AllItems(store.items()), run(store.changes().next("served", 100'000)).value())).value();
    }
    bool is_counted(ObservedStore& store, const std::string& tenant, const Purchase& purchase)
    {
        TenantItems items(TenantId{tenant}, store.items());
        return run(items.get(Table::purchases, placed_marker_key(purchase))).value().has_value();
    }
    std::int64_t purchases_counted(ObservedStore& store, const std::string& tenant)
    {
        TenantItems items(TenantId{tenant}, store.items());
        return run(read_day_summary(items, day_of(clock.now_ms()))).value().total.purchases;
    }

    CopyOptions options(std::optional<std::string> tenant = {}, std::size_t page_items = 3)
    {
        return {.scope = {tenant ? std::optional(TenantId{*tenant}) : std::nullopt},
                .processor = "copy-test",
                .page_items = page_items,
                .save = [this](const CopyProgress& progress) { saved = progress; }};
    }
    ItemDigests digests(Store& store, std::optional<std::string> tenant = {})
    {
        return run(digest_items(store.items(), {tenant ? std::optional(TenantId{*tenant}) : std::nullopt},
                                clock.now_ms() / 1000))
            .value();
    }
    void copy_all()
    {
        ItemCopier copier(from, to, clock, options());
        CopyProgress progress;
        run(copier.copy(progress)).value();
    }
    Result<MoveReport, std::string> move(const std::string& tenant, CopyProgress progress = {})
    {
        ItemCopier copier(from, to, clock, options(tenant));
        return run(move_tenant(copier, progress));
    }

private:
    void fill(const std::string& tenant)
    {
        put(to_item(Tenant{.id = {tenant}, .settings = {.name = {"Librería"}, .delivery = {}}}), Table::users);
        put({{"pk", tenant + "#user_1"}, {"sk", "USER#ana@example.com"}, {"version", 3}}, Table::users);
        for (int number = 0; number < books; ++number)
            put(book(tenant, number));
        put({{"pk", tenant + "#user_1"}, {"sk", "PURCHASE#purchase_1"}, {"total", *Number::parse("29.90")}},
            Table::purchases);
        put({{"pk", tenant + "#user_1"}, {"sk", "COUNTED#purchase_1#PAID"}}, Table::purchases);
        put({{"pk", tenant + "#SUMMARY"}, {"sk", "2025-12-31"}, {"copies", 1}}, Table::purchases);
    }
};

} // namespace estante::moves

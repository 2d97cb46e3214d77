// The item store as one tenant sees it. It adds the tenant to every partition key itself and has no member that takes
// another tenant: an operation cannot spell another shop's key. The keys that it takes and the items that it answers
// are tenant-relative ("book_…", not "tenant1#book_…"); items that it writes also get the attribute `tenant_id`.
#pragma once

#include "cache/read_set.hpp"
#include "domain/caller.hpp"
#include "ports/item_store.hpp"

namespace estante {

class TenantItems {
public:
    // `reads`, when given, outlives the operation and records every partition that it reads.
    TenantItems(const TenantId& tenant, ItemStore& store, ReadSet* reads = nullptr)
        : tenant_(tenant.value),
          own_store_(store.of_tenant(tenant.value)),
          store_(own_store_ ? *own_store_ : store),
          reads_(reads)
    {
    }
    TenantItems(const Caller& caller, ItemStore& store) : TenantItems(caller.tenant, store) {}

    Task<StoreResult<std::optional<Item>>> get(Table table, Key key);
    Task<StoreResult<std::vector<std::optional<Item>>>> batch_get(Table table, std::vector<Key> keys);
    // Partition and cursor are tenant-relative too. Items of another tenant that name this one's index partition are
    // left out; a page may then be shorter than its limit and still have a next one, or be empty.
    Task<StoreResult<Page>> query(Query query);
    Task<StoreResult<void>> put(Put put);
    Task<StoreResult<Item>> update(Update update);
    Task<StoreResult<void>> remove(Delete remove);
    Task<StoreResult<void>> transact(std::vector<Action> actions, std::string token = {});
    Task<StoreResult<void>> batch_write(std::vector<Action> actions);

    // The store's own key of a partition of the tenant: for the partition versions and keys of a cache.
    std::string stored_partition(std::string_view partition) const { return own(partition); }

private:
    std::string tenant_;
    std::shared_ptr<ItemStore> own_store_;
    ItemStore& store_;
    ReadSet* reads_;

    std::string own(std::string_view partition) const;
    void own(Item& item) const;
    void own(Action& action) const;
    void drop_foreign(Page& page, Index index) const;
    void relative(Item& item) const;
    void relative(StoreError& error) const;
    void record_read(Table table, std::string_view partition) const;
};

// The store without a tenant: only operations/tenants, processors and the CLI are given one.
class AllItems {
public:
    explicit AllItems(ItemStore& store) : store_(store) {}
    AllItems(const Caller&, ItemStore& store) : store_(store) {}

    ItemStore& store() const { return store_; }
    TenantItems of(const TenantId& tenant) const { return {tenant, store_}; }

private:
    ItemStore& store_;
};

} // namespace estante

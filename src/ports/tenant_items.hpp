// The view of the item store that is restricted to one tenant. It adds the tenant to every partition key, and no member
// takes another tenant, so an operation cannot address another shop's items. Keys that it takes and items that it
// returns are tenant-relative ("book_…", not "tenant1#book_…"). Items that it writes also get the attribute
// `tenant_id`.
#pragma once

#include "cache/read_set.hpp"
#include "domain/caller.hpp"
#include "ports/item_store.hpp"

namespace estante {

class TenantItems {
public:
    // `reads`, if given, records every partition that is read, and outlives this object.
    TenantItems(const TenantId& tenant, ItemStore& store, ReadSet* reads = nullptr)
        : tenant_(tenant.value),
          own_store_(store.for_tenant(tenant.value)),
          store_(own_store_ ? *own_store_ : store),
          reads_(reads)
    {
    }
    TenantItems(const Caller& caller, ItemStore& store) : TenantItems(caller.tenant, store) {}

    Task<StoreResult<std::optional<Item>>> get(Table table, Key key);
    Task<StoreResult<std::vector<std::optional<Item>>>> batch_get(Table table, std::vector<Key> keys);
    // Partition and cursor are tenant-relative too. Items of another tenant in this tenant's index partition are
    // dropped, so a page that is not the last may be shorter than its limit.
    Task<StoreResult<Page>> query(Query query);
    Task<StoreResult<void>> put(Put put);
    Task<StoreResult<Item>> update(Update update);
    Task<StoreResult<void>> remove(Delete remove);
    Task<StoreResult<void>> transact(std::vector<Action> actions, std::string token = {});
    Task<StoreResult<void>> batch_write(std::vector<Action> actions);

    // The store's own key of a partition of the tenant: for the partition versions and keys of a cache.
    std::string stored_partition(std::string_view partition) const { return qualify(partition); }

private:
    std::string tenant_;
    std::shared_ptr<ItemStore> own_store_;
    ItemStore& store_;
    ReadSet* reads_;

    std::string qualify(std::string_view partition) const;
    void qualify(Item& item) const;
    void qualify(Action& action) const;
    void drop_foreign(Page& page, Index index) const;
    void make_relative(Item& item) const;
    void make_relative(StoreError& error) const;
    void record_read(Table table, std::string_view partition) const;
};

// The store of all tenants: only for operations/tenants, processors and the CLI.
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

#include "ports/tenant_items.hpp"

namespace estante {

namespace {

constexpr std::string_view partition_attributes[] = {"pk", "gsi1pk", "gsi2pk"};

} // namespace

std::string TenantItems::own(std::string_view partition) const
{
    std::string text;
    text.reserve(tenant_.size() + 1 + partition.size());
    return text.append(tenant_).append("#").append(partition);
}

void TenantItems::own(Item& item) const
{
    for (const auto name : partition_attributes) {
        if (const auto found = item.find(name); found != item.end())
            found->second = own(text_of(item, name));
    }
    item.insert_or_assign("tenant_id", Value(tenant_));
}

void TenantItems::own(Action& action) const
{
    struct Owning {
        const TenantItems& items;

        void operator()(Put& put) const { items.own(put.item); }
        void operator()(Update& update) const
        {
            update.key.pk = items.own(update.key.pk);
            for (auto& [name, value] : update.set) {
                if (const auto* text = value.if_string(); text && (name == "gsi1pk" || name == "gsi2pk"))
                    value = items.own(*text);
            }
            update.set.emplace_back("tenant_id", Value(items.tenant_));
        }
        void operator()(Delete& remove) const { remove.key.pk = items.own(remove.key.pk); }
        void operator()(Check& check) const { check.key.pk = items.own(check.key.pk); }
    };
    std::visit(Owning{*this}, action);
}

void TenantItems::relative(Item& item) const
{
    for (const auto name : partition_attributes) {
        // A tenant's own item is in an index of the platform's, which is not cut to the tenant.
        if (const auto found = item.find(name); found != item.end() && text_of(item, name).starts_with(own("")))
            found->second = std::string(text_of(item, name).substr(tenant_.size() + 1));
    }
}

void TenantItems::relative(StoreError& error) const
{
    for (auto& failed : error.failed) {
        if (failed.current)
            relative(*failed.current);
    }
}

void TenantItems::record_read(Table table, std::string_view partition) const
{
    if (reads_)
        reads_->add(table, partition);
}

Task<StoreResult<std::optional<Item>>> TenantItems::get(Table table, Key key)
{
    key.pk = own(key.pk);
    record_read(table, key.pk);
    auto item = co_await store_.get(table, std::move(key));
    if (item && *item)
        relative(**item);
    co_return item;
}

Task<StoreResult<std::vector<std::optional<Item>>>> TenantItems::batch_get(Table table, std::vector<Key> keys)
{
    for (Key& key : keys) {
        key.pk = own(key.pk);
        record_read(table, key.pk);
    }
    auto items = co_await store_.batch_get(table, std::move(keys));
    if (items) {
        for (auto& item : *items) {
            if (item)
                relative(*item);
        }
    }
    co_return items;
}

Task<StoreResult<Page>> TenantItems::query(Query query)
{
    query.partition = own(query.partition);
    record_read(query.table, query.partition);
    if (query.after) {
        query.after->key.pk = own(query.after->key.pk);
        if (query.after->index_key)
            query.after->index_key->pk = own(query.after->index_key->pk);
    }
    while (true) {
        auto page = co_await store_.query(query);
        if (!page)
            co_return page;
        drop_foreign(*page, query.index);
        if (page->items.empty() && page->next) {
            query.after = std::move(page->next);
            continue;
        }
        for (Item& item : page->items)
            relative(item);
        if (page->next) {
            page->next->key.pk.erase(0, tenant_.size() + 1);
            if (page->next->index_key)
                page->next->index_key->pk.erase(0, tenant_.size() + 1);
        }
        co_return page;
    }
}

// Who may write another tenant's items could still name an index partition of this one in them: an index holds what its
// items say, and no condition of DynamoDB's policies is about index keys on writes.
void TenantItems::drop_foreign(Page& page, Index index) const
{
    const auto foreign = [this](const Item& item) { return !text_of(item, "pk").starts_with(own("")); };
    if (index == Index::primary || std::erase_if(page.items, foreign) == 0 || !page.next || page.items.empty())
        return;
    const Item& last = page.items.back();
    page.next = Cursor{.key = key_of(last), .index_key = index_key_of(last, index)};
}

Task<StoreResult<void>> TenantItems::put(Put put)
{
    own(put.item);
    auto done = co_await store_.put(std::move(put));
    if (!done)
        relative(done.error());
    co_return done;
}

Task<StoreResult<Item>> TenantItems::update(Update update)
{
    Action action = std::move(update);
    own(action);
    auto item = co_await store_.update(std::get<Update>(std::move(action)));
    if (item)
        relative(*item);
    else
        relative(item.error());
    co_return item;
}

Task<StoreResult<void>> TenantItems::remove(Delete remove)
{
    remove.key.pk = own(remove.key.pk);
    auto done = co_await store_.remove(std::move(remove));
    if (!done)
        relative(done.error());
    co_return done;
}

Task<StoreResult<void>> TenantItems::transact(std::vector<Action> actions, std::string token)
{
    for (Action& action : actions)
        own(action);
    auto done = co_await store_.transact(std::move(actions), std::move(token));
    if (!done)
        relative(done.error());
    co_return done;
}

Task<StoreResult<void>> TenantItems::batch_write(std::vector<Action> actions)
{
    for (Action& action : actions)
        own(action);
    co_return co_await store_.batch_write(std::move(actions));
}

} // namespace estante

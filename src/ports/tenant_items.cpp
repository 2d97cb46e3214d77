#include "ports/tenant_items.hpp"

namespace estante {

namespace {

constexpr std::string_view partition_attributes[] = {"pk", "gsi1pk", "gsi2pk"};

} // namespace

std::string TenantItems::qualify(std::string_view partition) const
{
    std::string text;
    text.reserve(tenant_.size() + 1 + partition.size());
    return text.append(tenant_).append("#").append(partition);
}

void TenantItems::qualify(Item& item) const
{
    for (const auto name : partition_attributes) {
        if (const auto found = item.find(name); found != item.end())
            found->second = qualify(text_of(item, name));
    }
    item.insert_or_assign("tenant_id", Value(tenant_));
}

void TenantItems::qualify(Action& action) const
{
    struct Qualify {
        const TenantItems& items;

        void operator()(Put& put) const { items.qualify(put.item); }
        void operator()(Update& update) const
        {
            update.key.pk = items.qualify(update.key.pk);
            for (auto& [name, value] : update.set) {
                if (const auto* text = value.if_string(); text && (name == "gsi1pk" || name == "gsi2pk"))
                    value = items.qualify(*text);
            }
            update.set.emplace_back("tenant_id", Value(items.tenant_));
        }
        void operator()(Delete& remove) const { remove.key.pk = items.qualify(remove.key.pk); }
        void operator()(Check& check) const { check.key.pk = items.qualify(check.key.pk); }
    };
    std::visit(Qualify{*this}, action);
}

void TenantItems::make_relative(Item& item) const
{
    for (const auto name : partition_attributes) {
        // The item of the tenant itself is in an index partition of the operator, which is left unchanged.
        if (const auto found = item.find(name); found != item.end() && text_of(item, name).starts_with(qualify("")))
            found->second = std::string(text_of(item, name).substr(tenant_.size() + 1));
    }
}

void TenantItems::make_relative(StoreError& error) const
{
    for (auto& failed : error.failed) {
        if (failed.current)
            make_relative(*failed.current);
    }
}

void TenantItems::record_read(Table table, std::string_view partition) const
{
    if (reads_)
        reads_->add(table, partition);
}

Task<StoreResult<std::optional<Item>>> TenantItems::get(Table table, Key key)
{
    key.pk = qualify(key.pk);
    record_read(table, key.pk);
    auto item = co_await store_.get(table, std::move(key));
    if (item && *item)
        make_relative(**item);
    co_return item;
}

Task<StoreResult<std::vector<std::optional<Item>>>> TenantItems::batch_get(Table table, std::vector<Key> keys)
{
    for (Key& key : keys) {
        key.pk = qualify(key.pk);
        record_read(table, key.pk);
    }
    auto items = co_await store_.batch_get(table, std::move(keys));
    if (items) {
        for (auto& item : *items) {
            if (item)
                make_relative(*item);
        }
    }
    co_return items;
}

Task<StoreResult<Page>> TenantItems::query(Query query)
{
    query.partition = qualify(query.partition);
    record_read(query.table, query.partition);
    if (query.after) {
        query.after->key.pk = qualify(query.after->key.pk);
        if (query.after->index_key)
            query.after->index_key->pk = qualify(query.after->index_key->pk);
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
            make_relative(item);
        if (page->next) {
            page->next->key.pk.erase(0, tenant_.size() + 1);
            if (page->next->index_key)
                page->next->index_key->pk.erase(0, tenant_.size() + 1);
        }
        co_return page;
    }
}

// Defense in depth: credentials that may write another tenant's items could set this tenant's index partition in them,
// because DynamoDB policies have no condition on index keys of writes.
void TenantItems::drop_foreign(Page& page, Index index) const
{
    const auto foreign = [this](const Item& item) { return !text_of(item, "pk").starts_with(qualify("")); };
    if (index == Index::primary || std::erase_if(page.items, foreign) == 0 || !page.next || page.items.empty())
        return;
    const Item& last = page.items.back();
    page.next = Cursor{.key = key_of(last), .index_key = index_key_of(last, index)};
}

Task<StoreResult<void>> TenantItems::put(Put put)
{
    qualify(put.item);
    auto done = co_await store_.put(std::move(put));
    if (!done)
        make_relative(done.error());
    co_return done;
}

Task<StoreResult<Item>> TenantItems::update(Update update)
{
    Action action = std::move(update);
    qualify(action);
    auto item = co_await store_.update(std::get<Update>(std::move(action)));
    if (item)
        make_relative(*item);
    else
        make_relative(item.error());
    co_return item;
}

Task<StoreResult<void>> TenantItems::remove(Delete remove)
{
    remove.key.pk = qualify(remove.key.pk);
    auto done = co_await store_.remove(std::move(remove));
    if (!done)
        make_relative(done.error());
    co_return done;
}

Task<StoreResult<void>> TenantItems::transact(std::vector<Action> actions, std::string token)
{
    for (Action& action : actions)
        qualify(action);
    auto done = co_await store_.transact(std::move(actions), std::move(token));
    if (!done)
        make_relative(done.error());
    co_return done;
}

Task<StoreResult<void>> TenantItems::batch_write(std::vector<Action> actions)
{
    for (Action& action : actions)
        qualify(action);
    co_return co_await store_.batch_write(std::move(actions));
}

} // namespace estante

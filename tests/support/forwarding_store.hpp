// An item store that forwards every call to another, as a base for stores that fail or delay in a test.
#pragma once

#include "ports/item_store.hpp"

#include <utility>

namespace estante {

class ForwardingStore : public ItemStore {
public:
    explicit ForwardingStore(ItemStore& store) : store_(store) {}

    Task<StoreResult<std::optional<Item>>> get(Table table, Key key) override
    {
        co_await before_each_read();
        co_return co_await store_.get(table, std::move(key));
    }
    Task<StoreResult<std::vector<std::optional<Item>>>> batch_get(Table table, std::vector<Key> keys) override
    {
        co_await before_each_read();
        co_return co_await store_.batch_get(table, std::move(keys));
    }
    Task<StoreResult<Page>> query(Query query) override
    {
        co_await before_each_read();
        co_return co_await store_.query(std::move(query));
    }
    Task<StoreResult<Page>> scan(Table table, std::size_t limit, std::optional<Cursor> after) override
    {
        co_await before_each_read();
        co_return co_await store_.scan(table, limit, std::move(after));
    }
    Task<StoreResult<void>> put(Put put) override
    {
        if (auto passed = co_await before_each_write(); !passed)
            co_return std::unexpected(std::move(passed.error()));
        co_return co_await store_.put(std::move(put));
    }
    Task<StoreResult<Item>> update(Update update) override
    {
        if (auto passed = co_await before_each_write(); !passed)
            co_return std::unexpected(std::move(passed.error()));
        co_return co_await store_.update(std::move(update));
    }
    Task<StoreResult<void>> remove(Delete remove) override
    {
        if (auto passed = co_await before_each_write(); !passed)
            co_return passed;
        co_return co_await store_.remove(std::move(remove));
    }
    Task<StoreResult<void>> transact(std::vector<Action> actions, std::string token) override
    {
        if (auto passed = co_await before_each_write(); !passed)
            co_return passed;
        co_return co_await store_.transact(std::move(actions), std::move(token));
    }
    Task<StoreResult<void>> batch_write(std::vector<Action> actions) override
    {
        if (auto passed = co_await before_each_write(); !passed)
            co_return passed;
        co_return co_await store_.batch_write(std::move(actions));
    }

protected:
    // Called before each call is forwarded. A write is not forwarded if this returns an error.
    virtual Task<void> before_each_read() { co_return; }
    virtual Task<StoreResult<void>> before_each_write() { co_return StoreResult<void>(); }

private:
    ItemStore& store_;
};

} // namespace estante

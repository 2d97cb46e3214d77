// An item store whose every call lets the other coroutines of its executor go first: so all of them are between their
// reads and their writes at the same time.
#pragma once

#include "ports/item_store.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace estante {

class YieldingStore final : public ItemStore {
public:
    explicit YieldingStore(ItemStore& store) : store_(store) {}

    Task<Stored<std::optional<Item>>> get(Table table, Key key) override
    {
        co_await others();
        co_return co_await store_.get(table, std::move(key));
    }
    Task<Stored<std::vector<std::optional<Item>>>> batch_get(Table table, std::vector<Key> keys) override
    {
        co_await others();
        co_return co_await store_.batch_get(table, std::move(keys));
    }
    Task<Stored<Page>> query(Query query) override
    {
        co_await others();
        co_return co_await store_.query(std::move(query));
    }
    Task<Stored<Page>> scan(Table table, std::size_t limit, std::optional<Cursor> after) override
    {
        co_await others();
        co_return co_await store_.scan(table, limit, std::move(after));
    }
    Task<Stored<void>> put(Put put) override
    {
        co_await others();
        co_return co_await store_.put(std::move(put));
    }
    Task<Stored<Item>> update(Update update) override
    {
        co_await others();
        co_return co_await store_.update(std::move(update));
    }
    Task<Stored<void>> remove(Delete remove) override
    {
        co_await others();
        co_return co_await store_.remove(std::move(remove));
    }
    Task<Stored<void>> transact(std::vector<Action> actions, std::string token) override
    {
        co_await others();
        co_return co_await store_.transact(std::move(actions), std::move(token));
    }
    Task<Stored<void>> batch_write(std::vector<Action> actions) override
    {
        co_await others();
        co_return co_await store_.batch_write(std::move(actions));
    }

private:
    ItemStore& store_;

    static Task<void> others() { co_await boost::asio::post(boost::asio::use_awaitable); }
};

} // namespace estante

// An item store in whose way something comes: another operation between the reads and the write of one, or an outage.
#pragma once

#include "ports/item_store.hpp"

#include <functional>
#include <optional>
#include <utility>

namespace estante {

class InterruptedStore final : public ItemStore {
public:
    explicit InterruptedStore(ItemStore& store) : store_(store) {}

    // Runs once, before the next write reaches the store.
    void before_next_write(std::function<void()> other) { other_ = std::move(other); }
    // Every write after the next `writes` is refused, until it is called again with nothing.
    void fail_after(std::optional<std::size_t> writes, StoreError::Code code = StoreError::Code::unavailable)
    {
        left_ = writes;
        code_ = code;
    }
    std::size_t reads() const { return reads_; }

    Task<Stored<std::optional<Item>>> get(Table table, Key key) override
    {
        ++reads_;
        co_return co_await store_.get(table, std::move(key));
    }
    Task<Stored<std::vector<std::optional<Item>>>> batch_get(Table table, std::vector<Key> keys) override
    {
        ++reads_;
        co_return co_await store_.batch_get(table, std::move(keys));
    }
    Task<Stored<Page>> query(Query query) override
    {
        ++reads_;
        co_return co_await store_.query(std::move(query));
    }
    Task<Stored<Page>> scan(Table table, std::size_t limit, std::optional<Cursor> after) override
    {
        co_return co_await store_.scan(table, limit, std::move(after));
    }
    Task<Stored<void>> put(Put put) override
    {
        if (auto error = interruption())
            co_return std::unexpected(std::move(*error));
        co_return co_await store_.put(std::move(put));
    }
    Task<Stored<Item>> update(Update update) override
    {
        if (auto error = interruption())
            co_return std::unexpected(std::move(*error));
        co_return co_await store_.update(std::move(update));
    }
    Task<Stored<void>> remove(Delete remove) override
    {
        if (auto error = interruption())
            co_return std::unexpected(std::move(*error));
        co_return co_await store_.remove(std::move(remove));
    }
    Task<Stored<void>> transact(std::vector<Action> actions, std::string token) override
    {
        if (auto error = interruption())
            co_return std::unexpected(std::move(*error));
        co_return co_await store_.transact(std::move(actions), std::move(token));
    }
    Task<Stored<void>> batch_write(std::vector<Action> actions) override
    {
        if (auto error = interruption())
            co_return std::unexpected(std::move(*error));
        co_return co_await store_.batch_write(std::move(actions));
    }

private:
    ItemStore& store_;
    std::function<void()> other_;
    std::optional<std::size_t> left_;
    StoreError::Code code_ = StoreError::Code::unavailable;
    std::size_t reads_ = 0;

    std::optional<StoreError> interruption()
    {
        if (auto other = std::exchange(other_, nullptr))
            other();
        if (!left_)
            return std::nullopt;
        if (*left_ == 0)
            return StoreError{.code = code_};
        --*left_;
        return std::nullopt;
    }
};

} // namespace estante

#include "adapters/sqlite/sqlite_items.hpp"

#include "adapters/sqlite/transaction_job.hpp"
#include "ports/rules/item_rules.hpp"

#include <iterator>
#include <utility>

namespace estante::sqlite {

namespace {

using Actions = std::vector<Action>::iterator;

// A batch enters the writer's queue in chunks of at most one transaction, so that it does not block other writes.
Actions end_of_chunk(Actions from, Actions end)
{
    std::size_t bytes = 0;
    for (Actions to = from; to != end; ++to) {
        if (const Put* put = std::get_if<Put>(&*to))
            bytes += size_of(put->item);
        if (bytes > max_transaction_bytes || to - from == max_transaction_actions)
            return to;
    }
    return end;
}

} // namespace

Task<StoreResult<std::optional<Item>>> SqliteItems::get(Table table, Key key)
{
    if (auto checked = check_key(key); !checked)
        co_return std::unexpected(std::move(checked.error()));
    co_return readers_.read([&](Reader& reader) { return reader.get(table, key, clock_.now_ms()); });
}

Task<StoreResult<std::vector<std::optional<Item>>>> SqliteItems::batch_get(Table table, std::vector<Key> keys)
{
    if (auto checked = check_keys(keys); !checked)
        co_return std::unexpected(std::move(checked.error()));
    co_return readers_.read([&](Reader& reader) { return reader.batch_get(table, keys, clock_.now_ms()); });
}

Task<StoreResult<Page>> SqliteItems::query(Query query)
{
    if (auto checked = check_query(query); !checked)
        co_return std::unexpected(std::move(checked.error()));
    co_return readers_.read([&](Reader& reader) { return reader.query(query, clock_.now_ms()); });
}

Task<StoreResult<Page>> SqliteItems::scan(Table table, std::size_t limit, std::optional<Cursor> after)
{
    if (auto checked = check_scan(limit, after); !checked)
        co_return std::unexpected(std::move(checked.error()));
    co_return readers_.read([&](Reader& reader) { return reader.scan(table, limit, after, clock_.now_ms()); });
}

Task<StoreResult<void>> SqliteItems::put(Put put)
{
    return transact({std::move(put)}, {});
}

Task<StoreResult<void>> SqliteItems::remove(Delete remove)
{
    return transact({std::move(remove)}, {});
}

Task<StoreResult<Item>> SqliteItems::update(Update update)
{
    std::vector<Action> actions{std::move(update)};
    if (auto checked = check_transaction(actions, {}); !checked)
        co_return std::unexpected(std::move(checked.error()));
    TransactionJob transaction(std::move(actions), {});
    if (auto committed = co_await writer_.commit(transaction); !committed)
        co_return std::unexpected(std::move(committed.error()));
    if (!transaction.outcome)
        co_return std::unexpected(std::move(transaction.outcome.error()));
    co_return std::move(*transaction.updated_item);
}

Task<StoreResult<void>> SqliteItems::transact(std::vector<Action> actions, std::string token)
{
    if (auto checked = check_transaction(actions, token); !checked)
        co_return checked;
    TransactionJob transaction(std::move(actions), std::move(token));
    if (auto committed = co_await writer_.commit(transaction); !committed)
        co_return committed;
    co_return std::move(transaction.outcome);
}

Task<StoreResult<void>> SqliteItems::batch_write(std::vector<Action> actions)
{
    if (auto checked = check_batch(actions); !checked)
        co_return checked;
    for (auto from = actions.begin(); from != actions.end();) {
        const auto to = end_of_chunk(from, actions.end());
        TransactionJob transaction({std::move_iterator(from), std::move_iterator(to)}, {});
        if (auto committed = co_await writer_.commit(transaction); !committed)
            co_return committed;
        from = to;
    }
    co_return StoreResult<void>();
}

} // namespace estante::sqlite

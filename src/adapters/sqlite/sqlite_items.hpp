// Implements the ItemStore port on the pool of readers and the writer.
#pragma once

#include "adapters/sqlite/reader_pool.hpp"
#include "adapters/sqlite/writer.hpp"
#include "ports/clock.hpp"
#include "ports/item_store.hpp"

namespace estante::sqlite {

class SqliteItems final : public ItemStore {
public:
    SqliteItems(ReaderPool& readers, Writer& writer, Clock& clock) : readers_(readers), writer_(writer), clock_(clock)
    {
    }

    Task<StoreResult<std::optional<Item>>> get(Table table, Key key) override;
    Task<StoreResult<std::vector<std::optional<Item>>>> batch_get(Table table, std::vector<Key> keys) override;
    Task<StoreResult<Page>> query(Query query) override;
    Task<StoreResult<Page>> scan(Table table, std::size_t limit, std::optional<Cursor> after) override;
    Task<StoreResult<void>> put(Put put) override;
    Task<StoreResult<Item>> update(Update update) override;
    Task<StoreResult<void>> remove(Delete remove) override;
    Task<StoreResult<void>> transact(std::vector<Action> actions, std::string token) override;
    Task<StoreResult<void>> batch_write(std::vector<Action> actions) override;

private:
    ReaderPool& readers_;
    Writer& writer_;
    Clock& clock_;
};

} // namespace estante::sqlite

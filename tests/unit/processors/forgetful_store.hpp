// An item store that keeps no COUNTED markers: with it a processor counts again what comes again. The control of every
// test that says that nothing is counted twice.
#pragma once

#include "ports/item_store.hpp"
#include "records/summaries.hpp"

#include <utility>

namespace estante {

class ForgetfulStore final : public ItemStore {
public:
    explicit ForgetfulStore(ItemStore& store) : store_(store) {}

    Task<Stored<std::optional<Item>>> get(Table table, Key key) override { return store_.get(table, std::move(key)); }
    Task<Stored<std::vector<std::optional<Item>>>> batch_get(Table table, std::vector<Key> keys) override
    {
        return store_.batch_get(table, std::move(keys));
    }
    Task<Stored<Page>> query(Query query) override { return store_.query(std::move(query)); }
    Task<Stored<Page>> scan(Table table, std::size_t limit, std::optional<Cursor> after) override
    {
        return store_.scan(table, limit, std::move(after));
    }
    Task<Stored<void>> put(Put put) override { return store_.put(std::move(put)); }
    Task<Stored<Item>> update(Update update) override { return store_.update(std::move(update)); }
    Task<Stored<void>> remove(Delete remove) override { return store_.remove(std::move(remove)); }
    Task<Stored<void>> transact(std::vector<Action> actions, std::string token) override
    {
        std::erase_if(actions, [](const Action& action) {
            const Put* put = std::get_if<Put>(&action);
            return put && is_counted_marker(put->table, key_of(put->item));
        });
        return store_.transact(std::move(actions), std::move(token));
    }
    Task<Stored<void>> batch_write(std::vector<Action> actions) override
    {
        return store_.batch_write(std::move(actions));
    }

private:
    ItemStore& store_;
};

} // namespace estante

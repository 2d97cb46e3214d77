// The item store port over one set of credentials: the platform's, or those of one tenant.
#pragma once

#include "adapters/dynamodb/database.hpp"
#include "ports/item_store.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace estante::dynamodb {

class Items final : public ItemStore {
public:
    // The database outlives this.
    Items(Database& database, std::shared_ptr<aws::Credentials> credentials)
        : database_(database), credentials_(std::move(credentials))
    {
    }

    std::shared_ptr<ItemStore> for_tenant(std::string_view tenant) override;

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
    Database& database_;
    std::shared_ptr<aws::Credentials> credentials_;

    Task<aws::Called<Map>> call(std::string operation, std::string body, std::string_view partition,
                                bool repeatable = true);
    // `body_of` makes the body of a page: (limit, after) → text.
    template <class BodyOf>
    Task<StoreResult<Page>> read_pages(std::string operation, std::string_view partition, Index index,
                                       std::size_t limit, std::optional<Cursor> after, BodyOf body_of);
    Task<StoreResult<Item>> write(Action action);
    Task<StoreResult<void>> write_batch(std::vector<Action> actions);
    Task<void> wait(int attempt);
    void written(const Action& action);
};

} // namespace estante::dynamodb

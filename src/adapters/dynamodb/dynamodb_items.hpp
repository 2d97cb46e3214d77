// The item store port with one set of credentials: the platform's, or those of one tenant.
#pragma once

#include "adapters/dynamodb/store_context.hpp"
#include "ports/item_store.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace estante::dynamodb {

class Items final : public ItemStore {
public:
    // The context outlives this.
    Items(StoreContext& context, std::shared_ptr<aws::CredentialsProvider> credentials)
        : context_(context), credentials_(std::move(credentials))
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
    StoreContext& context_;
    std::shared_ptr<aws::CredentialsProvider> credentials_;

    Task<Result<Map, aws::Failure>> call(std::string operation, std::string body, std::string_view partition,
                                         bool idempotent = true);
    // `make_body` returns the request for a page: (limit, after) → text, or nothing when no item can match.
    template <class MakeBody>
    Task<StoreResult<Page>> read_pages(std::string operation, std::string_view partition, Index index,
                                       std::size_t limit, std::optional<Cursor> after, MakeBody make_body);
    Task<StoreResult<Item>> write(Action action);
    Task<StoreResult<void>> write_batch(std::vector<Action> actions);
    // Invalidates caches of the partitions that the action changed.
    void advance_versions(const Action& action);
};

} // namespace estante::dynamodb

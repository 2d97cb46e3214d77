#include "adapters/dynamodb/dynamodb_store.hpp"

#include "adapters/dynamodb/dynamodb_changes.hpp"
#include "adapters/dynamodb/dynamodb_items.hpp"
#include "adapters/dynamodb/store_context.hpp"

namespace estante {

namespace {

class StoreOnDynamoDb final : public DynamoDbStore {
public:
    StoreOnDynamoDb(aws::Client& client, const std::shared_ptr<aws::CredentialsProvider>& credentials, Clock& clock,
                    Random& random, PartitionVersions& partition_versions, DynamoDbOptions options)
        : context_(client, clock, random, partition_versions, std::move(options)),
          items_(context_, credentials),
          changes_(context_, items_, credentials)
    {
        context_.on_commit = [this] { changes_.wake_readers(); };
    }

    ItemStore& items() override { return items_; }
    ChangeStream& changes() override { return changes_; }
    const dynamodb::ConsumedCapacity& consumed_capacity() const override { return context_.consumed_capacity; }

private:
    dynamodb::StoreContext context_;
    dynamodb::Items items_;
    dynamodb::Changes changes_;
};

} // namespace

std::unique_ptr<DynamoDbStore> create_dynamodb_store(aws::Client& client,
                                                     const std::shared_ptr<aws::CredentialsProvider>& credentials,
                                                     Clock& clock, Random& random,
                                                     PartitionVersions& partition_versions, DynamoDbOptions options)
{
    return std::make_unique<StoreOnDynamoDb>(client, credentials, clock, random, partition_versions,
                                             std::move(options));
}

} // namespace estante

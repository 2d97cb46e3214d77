#include "adapters/dynamodb/dynamodb_store.hpp"

#include "adapters/dynamodb/database.hpp"
#include "adapters/dynamodb/dynamodb_changes.hpp"
#include "adapters/dynamodb/dynamodb_items.hpp"

namespace estante {

namespace {

class OnDynamoDb final : public DynamoDbStore {
public:
    OnDynamoDb(aws::Client& client, const std::shared_ptr<aws::Credentials>& credentials, Clock& clock, Random& random,
               PartitionVersions& partition_versions, DynamoDbOptions options)
        : database_(client, clock, random, partition_versions, std::move(options)),
          items_(database_, credentials),
          changes_(database_, items_, credentials)
    {
        database_.on_commit = [this] { changes_.committed(); };
    }

    ItemStore& items() override { return items_; }
    ChangeStream& changes() override { return changes_; }
    const dynamodb::Capacity& capacity() const override { return database_.capacity; }

private:
    dynamodb::Database database_;
    dynamodb::Items items_;
    dynamodb::Changes changes_;
};

} // namespace

std::unique_ptr<DynamoDbStore> create_dynamodb_store(aws::Client& client,
                                                     const std::shared_ptr<aws::Credentials>& credentials, Clock& clock,
                                                     Random& random, PartitionVersions& partition_versions,
                                                     DynamoDbOptions options)
{
    return std::make_unique<OnDynamoDb>(client, credentials, clock, random, partition_versions, std::move(options));
}

} // namespace estante

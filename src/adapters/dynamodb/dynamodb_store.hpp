// The item store on DynamoDB, over the shared AWS client.
//
// A write of unknown outcome (a cut or a timeout after it was sent) is tried again only where a second effect is none:
// transactions carry a token, unconditional puts and deletes repeat themselves. Others end as `unavailable`.
#pragma once

#include "adapters/aws/client.hpp"
#include "adapters/dynamodb/capacity.hpp"
#include "cache/partition_versions.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"
#include "ports/store.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace estante {

struct DynamoDbOptions {
    std::string stage = "dev";
    std::string region{};
    std::string endpoint{}; // of tables and streams; empty: AWS's own of the region
    // The credentials for the calls of one tenant; absent: those of the platform serve all.
    std::function<std::shared_ptr<aws::Credentials>(std::string_view tenant)> for_tenant{};
    int conflict_attempts = 12; // of a transaction that meets others on the same items
    std::size_t batches_at_once = 8;
    std::chrono::milliseconds poll_every{500}; // a look into the change stream when nothing wakes its readers
    std::chrono::milliseconds poll_gap{200};   // from one look to the next: a shard takes five reads a second
};

class DynamoDbStore : public Store {
public:
    virtual const dynamodb::Capacity& capacity() const = 0;
};

// The client, credentials, clock, random source and stamps outlive the store.
std::unique_ptr<DynamoDbStore> create_dynamodb_store(aws::Client& client,
                                                     const std::shared_ptr<aws::Credentials>& credentials, Clock& clock,
                                                     Random& random, PartitionVersions& partition_versions,
                                                     DynamoDbOptions options);

} // namespace estante

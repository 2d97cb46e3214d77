// The item store on DynamoDB, over the shared AWS client.
//
// A write with an unknown outcome (disconnected or timed out after it was sent) is retried only when that is
// idempotent: transactions have a token, and unconditional puts and deletes may be repeated. Other writes fail with
// `unavailable`.
#pragma once

#include "adapters/aws/client.hpp"
#include "adapters/dynamodb/consumed_capacity.hpp"
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
    std::string endpoint{}; // of tables and streams; empty: the public one of the region
    // The credentials for calls of one tenant; absent: those of the platform serve all tenants.
    std::function<std::shared_ptr<aws::CredentialsProvider>(std::string_view tenant)> tenant_credentials{};
    int max_conflict_attempts = 12; // of a write that conflicts with others on the same items
    std::size_t max_concurrent_batches = 8;
    std::chrono::milliseconds poll_interval{500};     // of the change stream when nothing wakes its readers
    std::chrono::milliseconds min_poll_interval{200}; // also when woken: a shard allows five reads a second
};

class DynamoDbStore : public Store {
public:
    virtual const dynamodb::ConsumedCapacity& consumed_capacity() const = 0;
};

// The client, clock, random source and partition versions outlive the store.
std::unique_ptr<DynamoDbStore> create_dynamodb_store(aws::Client& client,
                                                     const std::shared_ptr<aws::CredentialsProvider>& credentials,
                                                     Clock& clock, Random& random,
                                                     PartitionVersions& partition_versions, DynamoDbOptions options);

} // namespace estante

// What the item store and the change stream on DynamoDB share.
#pragma once

#include "adapters/dynamodb/consumed_capacity.hpp"
#include "adapters/dynamodb/dynamodb_api.hpp"
#include "adapters/dynamodb/dynamodb_store.hpp"
#include "adapters/dynamodb/request_bodies.hpp"
#include "adapters/dynamodb/transaction_tokens.hpp"

#include <cstdint>
#include <functional>
#include <utility>

namespace estante::dynamodb {

struct StoreContext {
    StoreContext(aws::Client& client, Clock& given_clock, Random& given_random, PartitionVersions& given_versions,
                 DynamoDbOptions given_options)
        : clock(given_clock),
          random(given_random),
          partition_versions(given_versions),
          options(std::move(given_options)),
          tables(tables_api(client, options.region, options.endpoint)),
          streams(streams_api(client, options.region, options.endpoint)),
          request_bodies(options.stage)
    {
    }

    Clock& clock;
    Random& random;
    PartitionVersions& partition_versions;
    const DynamoDbOptions options;
    const aws::JsonApi tables;
    const aws::JsonApi streams;
    const RequestBodies request_bodies;
    ConsumedCapacity consumed_capacity{};
    TransactionTokens tokens{};
    std::function<void()> on_commit = [] {}; // set before the first call

    std::int64_t now_s() const { return clock.now_ms() / 1000; }
};

} // namespace estante::dynamodb

// What the parts of the store on DynamoDB share.
#pragma once

#include "adapters/dynamodb/api.hpp"
#include "adapters/dynamodb/capacity.hpp"
#include "adapters/dynamodb/dynamodb_store.hpp"
#include "adapters/dynamodb/requests.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace estante::dynamodb {

// A caller's token fixes the second of its conditions and the updates that were begun anew, so that its repetition is
// the same request to the letter.
struct TokenMemory {
    std::int64_t now_s = 0;
    std::vector<std::size_t> begun_anew{};
};

class TokenMemories {
public:
    // What is remembered of this token, or `fresh`, which is remembered from now on; forgotten after ten minutes.
    TokenMemory recall(const std::string& token, TokenMemory fresh);
    void remember(const std::string& token, TokenMemory memory);

private:
    std::mutex mutex_;
    std::map<std::string, TokenMemory> memories_;
};

struct Database {
    Database(aws::Client& client, Clock& given_clock, Random& given_random, PartitionVersions& given_stamps,
             DynamoDbOptions given_options);

    Clock& clock;
    Random& random;
    PartitionVersions& partition_versions;
    DynamoDbOptions options;
    Api tables;
    Api streams;
    Requests requests;
    Capacity capacity{};
    TokenMemories tokens{};
    std::function<void()> on_commit = [] {}; // set before the first call

    std::int64_t now_s() const { return clock.now_ms() / 1000; }
};

} // namespace estante::dynamodb

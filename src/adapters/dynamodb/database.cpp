#include "adapters/dynamodb/database.hpp"

#include "ports/rules/item_rules.hpp"

namespace estante::dynamodb {

TokenMemory TokenMemories::recall(const std::string& token, TokenMemory fresh)
{
    const std::lock_guard lock(mutex_);
    std::erase_if(memories_,
                  [&](const auto& entry) { return entry.second.now_s + token_lifetime_ms / 1000 <= fresh.now_s; });
    return memories_.try_emplace(token, std::move(fresh)).first->second;
}

void TokenMemories::remember(const std::string& token, TokenMemory memory)
{
    const std::lock_guard lock(mutex_);
    memories_.insert_or_assign(token, std::move(memory));
}

Database::Database(aws::Client& client, Clock& given_clock, Random& given_random, PartitionVersions& given_stamps,
                   DynamoDbOptions given_options)
    : clock(given_clock),
      random(given_random),
      partition_versions(given_stamps),
      options(std::move(given_options)),
      tables(tables_api(client, options.region, options.endpoint)),
      streams(client,
              options.endpoint.empty()
                  ? aws::Service{.name = "dynamodb",
                                 .region = options.region,
                                 .url = "https://streams.dynamodb." + options.region + ".amazonaws.com"}
                  : aws::service_at("dynamodb", options.region, options.endpoint),
              "DynamoDBStreams_20120810"),
      requests(options.stage)
{
}

} // namespace estante::dynamodb

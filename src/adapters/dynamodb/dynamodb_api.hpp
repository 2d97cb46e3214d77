// DynamoDB's JSON protocol.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
#pragma once

#include "adapters/aws/json_api.hpp"

#include <string>

namespace estante::dynamodb {

// The operations on tables and items. `endpoint` is a custom one; empty: the public one of the region.
inline aws::JsonApi tables_api(aws::Client& client, const std::string& region, const std::string& endpoint)
{
    return {client, aws::service_at("dynamodb", region, endpoint), "DynamoDB_20120810"};
}

// The operations on change streams. At a custom endpoint they share the address of the tables.
inline aws::JsonApi streams_api(aws::Client& client, const std::string& region, const std::string& endpoint)
{
    auto service = aws::service_at("dynamodb", region, endpoint);
    if (endpoint.empty())
        service.url = "https://streams.dynamodb." + region + ".amazonaws.com";
    return {client, std::move(service), "DynamoDBStreams_20120810"};
}

} // namespace estante::dynamodb

// DynamoDB's JSON protocol.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
#pragma once

#include "adapters/aws/json_api.hpp"

#include <string>

namespace estante::dynamodb {

using Api = aws::JsonApi;

// The operations on tables and items. `endpoint` is one's own; empty: AWS's of the region.
inline Api tables_api(aws::Client& client, const std::string& region, const std::string& endpoint)
{
    return {client, aws::service_at("dynamodb", region, endpoint), "DynamoDB_20120810"};
}

} // namespace estante::dynamodb

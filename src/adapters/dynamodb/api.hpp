// One call of DynamoDB's JSON protocol: the operation's name and body out, the parsed answer in.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
#pragma once

#include "adapters/aws/client.hpp"
#include "domain/value.hpp"

#include <string>
#include <string_view>

namespace estante::dynamodb {

class Api {
public:
    // `target` is the protocol's version: "DynamoDB_20120810" or "DynamoDBStreams_20120810". The client outlives this.
    Api(aws::Client& client, aws::Service service, std::string target)
        : client_(client), service_(std::move(service)), target_(std::move(target))
    {
    }

    // `repeatable` as in aws::Request. The credentials outlive the call.
    Task<aws::Called<Map>> call(std::string operation, std::string body, aws::Credentials& credentials,
                                bool repeatable = true) const;

private:
    aws::Client& client_;
    aws::Service service_;
    std::string target_;
};

// The operations on tables and items. `endpoint` is one's own; empty: AWS's of the region.
Api tables_api(aws::Client& client, const std::string& region, const std::string& endpoint);

} // namespace estante::dynamodb

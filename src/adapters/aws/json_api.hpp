// Calls of AWS's JSON protocol: sends an operation's name and body, returns the parsed response.
// https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
#pragma once

#include "adapters/aws/client.hpp"
#include "domain/value.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace estante::aws {

// A DynamoDB item has up to 32 levels. The protocol doubles them and adds a few of its own.
inline constexpr std::size_t max_response_depth = 80;

class JsonApi {
public:
    // `target` is the service's prefix of X-Amz-Target: "DynamoDB_20120810", "AWSGlue". The client outlives this.
    JsonApi(Client& client, Service service, std::string target, std::string_view protocol = "1.0")
        : client_(client),
          service_(std::move(service)),
          target_(std::move(target)),
          content_type_("application/x-amz-json-" + std::string(protocol))
    {
    }

    // `idempotent` as in Request. The credentials outlive the call.
    Task<Result<Map, Failure>> call(std::string operation, std::string body, CredentialsProvider& credentials,
                                    bool idempotent = true) const;

private:
    Client& client_;
    Service service_;
    std::string target_;
    std::string content_type_;
};

} // namespace estante::aws

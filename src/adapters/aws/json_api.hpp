// One call of AWS's JSON protocol: the operation's name and body out, the parsed answer in.
// https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
#pragma once

#include "adapters/aws/client.hpp"
#include "domain/value.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace estante::aws {

// Each level of a DynamoDB item's 32 is two of the protocol's, within a few of the answer's own.
inline constexpr std::size_t max_answer_depth = 80;

class JsonApi {
public:
    // `target` names the service's version: "DynamoDB_20120810", "AWSGlue". The client outlives this.
    JsonApi(Client& client, Service service, std::string target, std::string_view protocol = "1.0")
        : client_(client),
          service_(std::move(service)),
          target_(std::move(target)),
          content_type_("application/x-amz-json-" + std::string(protocol))
    {
    }

    // `repeatable` as in Request. The credentials outlive the call.
    Task<Called<Map>> call(std::string operation, std::string body, Credentials& credentials,
                           bool repeatable = true) const;

private:
    Client& client_;
    Service service_;
    std::string target_;
    std::string content_type_;
};

} // namespace estante::aws

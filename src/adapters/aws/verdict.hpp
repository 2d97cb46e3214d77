// What an answer of a service means, and what to do about it.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
#pragma once

#include "adapters/aws/client.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace estante::aws {

// The name and the text that a service gave an error.
struct ServiceError {
    std::string type;
    std::string message;
};

// JSON (`__type` or `code` after '#', X-Amzn-Errortype before ':'; OpenSearch's `error`) or XML (Error/Code, alone or
// in ErrorResponse or Response/Errors). Nothing for HTML and everything else.
std::optional<ServiceError> service_error_of(const Response& response);

struct Verdict {
    enum class Remedy {
        none,      // trying again changes nothing
        pause,     // tried again after a while
        clock,     // tried again with the server's time
        fresh_key, // tried again with other credentials
    };
    Failure failure{};
    Remedy remedy = Remedy::none;
    bool no_effect = false;                  // this attempt certainly had none
    std::optional<std::int64_t> server_ms{}; // of the header Date
    std::chrono::seconds retry_after{0};
};

// Nothing when the answer is a success. `signed_at_ms` is the time in the request's signature.
std::optional<Verdict> verdict_on(const Service& service, const Request& request, Response& response,
                                  std::int64_t signed_at_ms);

// "Sun, 30 Aug 2015 12:36:00 GMT" (RFC 9110 §5.6.7, the one form that is still made); UTC.
std::optional<std::int64_t> parse_http_date(std::string_view text);

} // namespace estante::aws

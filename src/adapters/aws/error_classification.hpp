// Classifies the responses of AWS services: which error it is, and whether a retry can help.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
#pragma once

#include "adapters/aws/client.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace estante::aws {

// The error code and message of a service.
struct ServiceError {
    std::string type;
    std::string message;
};

// From JSON (`__type` or `code` after '#'; X-Amzn-Errortype before ':'; OpenSearch's `error`) or XML (Error/Code, at
// the root or in ErrorResponse or Response/Errors). Nothing for HTML and everything else.
std::optional<ServiceError> parse_service_error(const Response& response);

enum class RetryAction {
    none,                // a retry cannot succeed
    back_off,            // retry after a delay
    correct_clock,       // retry with the server's time
    refresh_credentials, // retry with new credentials
};

struct ErrorClassification {
    Failure failure{};
    RetryAction action = RetryAction::none;
    bool not_applied = false;                     // this attempt certainly had no effect
    std::optional<std::int64_t> server_time_ms{}; // of the header Date
    std::chrono::seconds retry_after{0};
};

// Nothing when the response is a success. `signed_at_ms` is the time in the request's signature.
std::optional<ErrorClassification> classify_response(const Service& service, const Request& request, Response& response,
                                                     std::int64_t signed_at_ms);

// "Sun, 30 Aug 2015 12:36:00 GMT" (RFC 9110 §5.6.7; the obsolete formats are not parsed); UTC.
std::optional<std::int64_t> parse_http_date(std::string_view text);

} // namespace estante::aws

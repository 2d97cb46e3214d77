#include "adapters/aws/error_classification.hpp"

#include "codec/json.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

namespace estante::aws {

namespace {

constexpr std::size_t max_json_depth = 80;     // an error of DynamoDB may contain an item of 32 levels
constexpr std::size_t max_message_bytes = 300; // in a log line
constexpr std::int64_t max_skew_ms = 240'000;  // services allow five minutes (S3: fifteen)

bool is_one_of(std::string_view type, const auto& names)
{
    return std::ranges::find(names, type) != names.end();
}

// A throttled request had no effect.
bool is_throttling(std::string_view type, unsigned status)
{
    static constexpr std::array<std::string_view, 10> names{"ProvisionedThroughputExceededException",
                                                            "RequestLimitExceeded",
                                                            "RequestThrottled",
                                                            "RequestThrottledException",
                                                            "SlowDown",
                                                            "BandwidthLimitExceeded",
                                                            "LimitExceededException",
                                                            "LimitExceeded",
                                                            "PriorRequestNotComplete",
                                                            "EC2ThrottledException"};
    return status == 429 || type.starts_with("Throttl") || type.starts_with("TooManyRequests") ||
           is_one_of(type, names);
}

bool is_transient(std::string_view type, unsigned status)
{
    static constexpr std::array<std::string_view, 7> names{
        "RequestTimeout",      "RequestTimeoutException", "InternalError",        "InternalFailure",
        "InternalServerError", "InternalServerException", "IDPCommunicationError"};
    return (status >= 500 && type != "NotImplemented") || status == 408 || is_one_of(type, names) ||
           type.starts_with("ServiceUnavailable");
}

bool is_signature_error(std::string_view type)
{
    return type == "InvalidSignatureException" || type == "SignatureDoesNotMatch" || type == "AuthFailure";
}

bool is_access_error(std::string_view type, unsigned status)
{
    static constexpr std::array<std::string_view, 15> names{"AccessDenied",
                                                            "AccessDeniedException",
                                                            "UnauthorizedOperation",
                                                            "UnauthorizedAccess",
                                                            "UnrecognizedClientException",
                                                            "InvalidClientTokenId",
                                                            "InvalidAccessKeyId",
                                                            "IncompleteSignature",
                                                            "IncompleteSignatureException",
                                                            "MissingAuthenticationToken",
                                                            "MissingAuthenticationTokenException",
                                                            "NotAuthorized",
                                                            "OptInRequired",
                                                            "ExpiredToken",
                                                            "ExpiredTokenException"};
    return status == 401 || status == 403 || is_signature_error(type) || is_one_of(type, names);
}

// Caused by our clock: by its type, by its message, or because the signature does not match and the times differ.
bool is_clock_error(const ServiceError& error, std::optional<std::int64_t> server_time_ms, std::int64_t signed_at_ms)
{
    const bool times_differ = server_time_ms && std::abs(*server_time_ms - signed_at_ms) > max_skew_ms;
    if (error.type == "RequestTimeTooSkewed" || error.type == "RequestInTheFuture")
        return server_time_ms.has_value();
    if (error.type == "RequestExpired")
        return times_differ;
    return is_signature_error(error.type) && server_time_ms &&
           (times_differ || error.message.contains("Signature expired") || error.message.contains("not yet current"));
}

bool is_expiry_error(std::string_view type)
{
    return type == "ExpiredToken" || type == "ExpiredTokenException" || type == "RequestExpired";
}

bool is_html(const Response& response)
{
    return find_header(response.headers, "content-type").starts_with("text/html");
}

bool has_service_headers(const Response& response)
{
    return std::ranges::any_of(response.headers, [](const auto& field) { return field.first.starts_with("x-amz"); });
}

std::string_view skip_white_space(std::string_view text)
{
    const auto at = text.find_first_not_of(" \t\r\n");
    return at == std::string_view::npos ? std::string_view() : text.substr(at);
}

std::optional<ServiceError> parse_xml_error(std::string_view body)
{
    pugi::xml_document document;
    if (!document.load_buffer(body.data(), body.size()))
        return std::nullopt;
    pugi::xml_node error = document.child("Error");
    if (!error)
        error = document.child("ErrorResponse").child("Error");
    if (!error)
        error = document.child("Response").child("Errors").child("Error");
    const std::string_view code = error.child("Code").text().as_string();
    if (code.empty())
        return std::nullopt;
    return ServiceError{.type = std::string(code), .message = error.child("Message").text().as_string()};
}

std::optional<ServiceError> parse_json_error(std::string_view body)
{
    const auto value = json::parse(body, max_json_depth);
    const Map* map = value ? value->if_map() : nullptr;
    if (!map)
        return std::nullopt;
    if (const Value* error = find(*map, "error"); error && error->if_map()) // OpenSearch
        return ServiceError{.type = std::string(text_of(*error->if_map(), "type")),
                            .message = std::string(text_of(*error->if_map(), "reason"))};
    auto type = text_of(*map, "__type");
    if (type.empty())
        type = text_of(*map, "code");
    if (type.empty())
        type = text_of(*map, "Code");
    auto message = text_of(*map, "message");
    if (message.empty())
        message = text_of(*map, "Message");
    return ServiceError{.type = std::string(type.substr(type.find('#') + 1)), .message = std::string(message)};
}

// The first line only. The lines after it may repeat the signed headers, and the session token is one of them.
std::string to_log_message(std::string_view message)
{
    return std::string(message.substr(0, std::min(message.find_first_of("\r\n"), max_message_bytes)));
}

std::chrono::seconds parse_retry_after(const Response& response)
{
    const auto text = find_header(response.headers, "retry-after");
    std::uint32_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    return std::chrono::seconds(error == std::errc() && end == text.data() + text.size() ? seconds : 0);
}

// S3 sends status 200 for some writes before it knows their outcome.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
bool may_fail_with_200(const Service& service, const Request& request, const Response& response)
{
    return service.sign_path_once && (request.method == "POST" || request.method == "PUT") &&
           skip_white_space(response.body).starts_with('<');
}

// A response that did not come from the service, such as a proxy's.
ErrorClassification classify_foreign_response(const Response& response)
{
    ErrorClassification result{
        .failure = {.message = fmt::format("HTTP {} with {}, not a response of the service", response.status,
                                           find_header(response.headers, "content-type").substr(0, 80))}};
    const bool retryable =
        response.status < 300 || response.status >= 500 || response.status == 408 || response.status == 429;
    result.action = retryable ? RetryAction::back_off : RetryAction::none;
    result.not_applied = response.status == 429;
    if (response.status == 429)
        result.failure.kind = Failure::Kind::throttled;
    return result;
}

// Rejections without a body: of HEAD requests, and "not modified".
bool is_rejection_without_body(const Request& request, const Response& response)
{
    return response.body.empty() && response.status >= 300 && response.status < 500 && response.status != 408 &&
           response.status != 429 &&
           (request.method == "HEAD" || response.status == 304 || has_service_headers(response));
}

ErrorClassification classify_service_error(ServiceError error, Response& response, std::int64_t signed_at_ms)
{
    using Kind = Failure::Kind;
    ErrorClassification result{.server_time_ms = parse_http_date(find_header(response.headers, "date"))};
    result.not_applied = true;
    Failure& failure = result.failure;
    if (is_throttling(error.type, response.status)) {
        failure.kind = Kind::throttled;
        result.action = RetryAction::back_off;
    } else if (is_transient(error.type, response.status)) {
        result.action = RetryAction::back_off;
        result.not_applied = error.type.starts_with("ServiceUnavailable");
    } else if (is_clock_error(error, result.server_time_ms, signed_at_ms)) {
        failure.kind = Kind::forbidden;
        result.action = RetryAction::correct_clock;
    } else if (is_expiry_error(error.type)) {
        failure.kind = Kind::forbidden;
        result.action = RetryAction::refresh_credentials;
    } else if (is_access_error(error.type, response.status)) {
        failure.kind = Kind::forbidden;
    } else {
        failure.kind = Kind::rejected;
        failure.body = std::move(response.body);
    }
    failure.message = to_log_message(error.message);
    failure.type = std::move(error.type);
    return result;
}

} // namespace

std::optional<ServiceError> parse_service_error(const Response& response)
{
    if (is_html(response))
        return std::nullopt;
    const auto body = skip_white_space(response.body);
    std::optional<ServiceError> error;
    if (body.starts_with('<'))
        error = parse_xml_error(body);
    else if (body.starts_with('{'))
        error = parse_json_error(body);
    auto type = find_header(response.headers, "x-amzn-errortype");
    type = type.substr(0, type.find(':'));
    type = type.substr(type.find('#') + 1);
    if (!type.empty()) {
        if (!error)
            error.emplace();
        error->type = type;
    }
    return error && !error->type.empty() ? error : std::nullopt;
}

std::optional<ErrorClassification> classify_response(const Service& service, const Request& request, Response& response,
                                                     std::int64_t signed_at_ms)
{
    const bool success = response.status >= 200 && response.status < 300;
    const bool is_foreign = is_html(response) && !has_service_headers(response);
    if (success && !is_foreign && !may_fail_with_200(service, request, response))
        return std::nullopt;
    auto error = parse_service_error(response);
    if (success && !is_foreign && !error)
        return std::nullopt;
    const auto retry_after = parse_retry_after(response);
    const auto status = response.status;
    if (!error && (is_rejection_without_body(request, response) || status == 413))
        error.emplace();
    ErrorClassification result =
        error ? classify_service_error(std::move(*error), response, signed_at_ms) : classify_foreign_response(response);
    if (success && result.failure.kind == Failure::Kind::rejected) {
        result.failure.kind = Failure::Kind::unavailable; // the operation began and did not finish
        result.not_applied = false;
    }
    result.failure.status = status;
    result.retry_after = retry_after;
    return result;
}

std::optional<std::int64_t> parse_http_date(std::string_view text)
{
    namespace chrono = std::chrono;
    static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    // Sun, 30 Aug 2015 12:36:00 GMT
    if (text.size() != 29 || !text.ends_with(" GMT") || text[19] != ':' || text[22] != ':')
        return std::nullopt;
    bool digits = true;
    const auto number = [&](std::size_t at, std::size_t size) {
        int value = 0;
        for (const char c : text.substr(at, size)) {
            digits = digits && c >= '0' && c <= '9';
            value = value * 10 + (c - '0');
        }
        return value;
    };
    const auto month = months.find(text.substr(8, 3));
    const chrono::year_month_day date(chrono::year(number(12, 4)), chrono::month(static_cast<unsigned>(month / 3 + 1)),
                                      chrono::day(static_cast<unsigned>(number(5, 2))));
    const auto time = chrono::hours(number(17, 2)) + chrono::minutes(number(20, 2)) + chrono::seconds(number(23, 2));
    if (!digits || month == std::string_view::npos || month % 3 != 0 || !date.ok())
        return std::nullopt;
    return chrono::duration_cast<chrono::milliseconds>((chrono::sys_days(date) + time).time_since_epoch()).count();
}

} // namespace estante::aws

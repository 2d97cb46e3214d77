#include "adapters/aws/verdict.hpp"

#include "codec/json.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

namespace estante::aws {

namespace {

constexpr std::size_t max_depth = 80;          // an error of DynamoDB may hold an item of 32 levels
constexpr std::size_t max_message_bytes = 300; // of a log line
constexpr std::int64_t much_skew_ms = 240'000; // services allow five minutes (S3: fifteen)

bool is_one_of(std::string_view type, const auto& names)
{
    return std::ranges::find(names, type) != names.end();
}

// Throttled before anything was done.
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

bool is_about_signature(std::string_view type)
{
    return type == "InvalidSignatureException" || type == "SignatureDoesNotMatch" || type == "AuthFailure";
}

bool is_about_access(std::string_view type, unsigned status)
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
    return status == 401 || status == 403 || is_about_signature(type) || is_one_of(type, names);
}

// Of our clock: by its name, by its words, or because a signature that does not match bears another time.
bool is_about_time(const ServiceError& error, std::optional<std::int64_t> server_ms, std::int64_t signed_at_ms)
{
    const bool apart = server_ms && std::abs(*server_ms - signed_at_ms) > much_skew_ms;
    if (error.type == "RequestTimeTooSkewed" || error.type == "RequestInTheFuture")
        return server_ms.has_value();
    if (error.type == "RequestExpired")
        return apart;
    return is_about_signature(error.type) && server_ms &&
           (apart || error.message.contains("Signature expired") || error.message.contains("not yet current"));
}

bool is_about_expiry(std::string_view type)
{
    return type == "ExpiredToken" || type == "ExpiredTokenException" || type == "RequestExpired";
}

bool is_html(const Response& response)
{
    return header_of(response.headers, "content-type").starts_with("text/html");
}

bool bears_service_headers(const Response& response)
{
    return std::ranges::any_of(response.headers, [](const auto& field) { return field.first.starts_with("x-amz"); });
}

std::string_view first_visible(std::string_view text)
{
    const auto at = text.find_first_not_of(" \t\r\n");
    return at == std::string_view::npos ? std::string_view() : text.substr(at);
}

std::optional<ServiceError> error_of_xml(std::string_view body)
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

std::optional<ServiceError> error_of_json(std::string_view body)
{
    const auto value = json::parse(body, max_depth);
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

// What goes into a log: a service's first line only, because what follows it may repeat the signed headers, and the
// session token is one of them.
std::string loggable(std::string_view message)
{
    return std::string(message.substr(0, std::min(message.find_first_of("\r\n"), max_message_bytes)));
}

std::chrono::seconds retry_after_of(const Response& response)
{
    const auto text = header_of(response.headers, "retry-after");
    std::uint32_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    return std::chrono::seconds(error == std::errc() && end == text.data() + text.size() ? seconds : 0);
}

// S3 answers some writes with 200 before it knows how they end.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
bool may_fail_with_200(const Service& service, const Request& request, const Response& response)
{
    return service.sign_path_once && (request.method == "POST" || request.method == "PUT") &&
           first_visible(response.body).starts_with('<');
}

Verdict none_of_the_service(const Response& response)
{
    Verdict verdict{.failure = {.message = fmt::format("HTTP {} with {}, not an answer of the service", response.status,
                                                       header_of(response.headers, "content-type").substr(0, 80))}};
    const bool again =
        response.status < 300 || response.status >= 500 || response.status == 408 || response.status == 429;
    verdict.remedy = again ? Verdict::Remedy::pause : Verdict::Remedy::none;
    verdict.no_effect = response.status == 429;
    if (response.status == 429)
        verdict.failure.kind = Failure::Kind::throttled;
    return verdict;
}

// An answer without a body: to HEAD, and "not modified".
bool is_bare_refusal(const Request& request, const Response& response)
{
    return response.body.empty() && response.status >= 300 && response.status < 500 && response.status != 408 &&
           response.status != 429 &&
           (request.method == "HEAD" || response.status == 304 || bears_service_headers(response));
}

Verdict judged(ServiceError error, Response& response, std::int64_t signed_at_ms)
{
    using Kind = Failure::Kind;
    using Remedy = Verdict::Remedy;
    Verdict verdict{.server_ms = parse_http_date(header_of(response.headers, "date"))};
    verdict.no_effect = true;
    Failure& failure = verdict.failure;
    if (is_throttling(error.type, response.status)) {
        failure.kind = Kind::throttled;
        verdict.remedy = Remedy::pause;
    } else if (is_transient(error.type, response.status)) {
        verdict.remedy = Remedy::pause;
        verdict.no_effect = error.type.starts_with("ServiceUnavailable");
    } else if (is_about_time(error, verdict.server_ms, signed_at_ms)) {
        failure.kind = Kind::forbidden;
        verdict.remedy = Remedy::clock;
    } else if (is_about_expiry(error.type)) {
        failure.kind = Kind::forbidden;
        verdict.remedy = Remedy::fresh_key;
    } else if (is_about_access(error.type, response.status)) {
        failure.kind = Kind::forbidden;
    } else {
        failure.kind = Kind::refused;
        failure.body = std::move(response.body);
    }
    failure.message = loggable(error.message);
    failure.type = std::move(error.type);
    return verdict;
}

} // namespace

std::optional<ServiceError> service_error_of(const Response& response)
{
    if (is_html(response))
        return std::nullopt;
    const auto body = first_visible(response.body);
    std::optional<ServiceError> error;
    if (body.starts_with('<'))
        error = error_of_xml(body);
    else if (body.starts_with('{'))
        error = error_of_json(body);
    auto named = header_of(response.headers, "x-amzn-errortype");
    named = named.substr(0, named.find(':'));
    named = named.substr(named.find('#') + 1);
    if (!named.empty()) {
        if (!error)
            error.emplace();
        error->type = named;
    }
    return error && !error->type.empty() ? error : std::nullopt;
}

std::optional<Verdict> verdict_on(const Service& service, const Request& request, Response& response,
                                  std::int64_t signed_at_ms)
{
    const bool success = response.status >= 200 && response.status < 300;
    const bool strange = is_html(response) && !bears_service_headers(response);
    if (success && !strange && !may_fail_with_200(service, request, response))
        return std::nullopt;
    auto error = service_error_of(response);
    if (success && !strange && !error)
        return std::nullopt;
    const auto retry_after = retry_after_of(response);
    const auto status = response.status;
    if (!error && (is_bare_refusal(request, response) || status == 413))
        error.emplace();
    Verdict verdict = error ? judged(std::move(*error), response, signed_at_ms) : none_of_the_service(response);
    if (success && verdict.failure.kind == Failure::Kind::refused) {
        verdict.failure.kind = Failure::Kind::unavailable; // begun, and not ended
        verdict.no_effect = false;
    }
    verdict.failure.status = status;
    verdict.retry_after = retry_after;
    return verdict;
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

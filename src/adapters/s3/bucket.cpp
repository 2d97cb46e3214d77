#include "adapters/s3/bucket.hpp"

#include "adapters/aws/signature.hpp"
#include "adapters/aws/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace estante::s3 {

namespace {

constexpr std::string_view checksum_header = "x-amz-checksum-sha256";

std::string host_style(const std::string& url, const std::string& bucket)
{
    const auto scheme = url.find("://") + 3;
    return fmt::format("{}{}.{}", url.substr(0, scheme), bucket, url.substr(scheme));
}

} // namespace

aws::Service service_of(const S3Options& options)
{
    using Addressing = S3Options::Addressing;
    auto service = aws::service_at("s3", options.region, options.endpoint);
    const bool at_aws = options.endpoint.empty();
    const bool host = options.addressing == Addressing::host ||
                      (options.addressing == Addressing::automatic && at_aws && !options.bucket.contains('.'));
    while (service.url.ends_with('/'))
        service.url.pop_back();
    service.url = host ? host_style(service.url, options.bucket) : fmt::format("{}/{}", service.url, options.bucket);
    return service;
}

ObjectError error_of(const aws::Failure& failure, std::string_view doing)
{
    using Code = ObjectError::Code;
    static constexpr std::array<std::string_view, 3> mistakes{"KeyTooLongError", "EntityTooLarge", "InvalidURI"};
    auto code = Code::unavailable;
    if (failure.status == 412)
        code = Code::precondition_failed;
    else if (std::ranges::find(mistakes, failure.type) != mistakes.end())
        code = Code::invalid;
    return {.code = code,
            .detail =
                fmt::format("{}: {}{}{}{}{}", doing, failure.type, failure.type.empty() ? "" : " ", failure.message,
                            failure.attempts > 1 ? fmt::format(" ({} attempts)", failure.attempts) : "",
                            failure.maybe_done ? "; it may have been done" : "")};
}

Task<aws::Called<aws::Response>> Bucket::call(Call call) const
{
    aws::Request request{.method = std::move(call.method),
                         .path = "/" + aws::percent_encoded(call.key, true),
                         .query = std::move(call.query),
                         .headers = std::move(call.headers),
                         .body = std::move(call.body),
                         .repeatable = call.repeatable,
                         .within = attempt_timeout_};
    co_return co_await client_.call(service_, *credentials_, std::move(request));
}

void add_body(Call& call, std::string body)
{
    const auto digest = sha256(body);
    call.headers.emplace_back("X-Amz-Content-Sha256", hex(digest));
    call.headers.emplace_back(checksum_header, base64(digest));
    call.body = std::move(body);
}

std::string checksum_of(std::string_view body)
{
    return base64(sha256(body));
}

bool is_intact(const aws::Response& response)
{
    const auto checksum = aws::header_of(response.headers, checksum_header);
    // "…-3" is the digest of the digests of three parts.
    return checksum.empty() || checksum.contains('-') || checksum == checksum_of(response.body);
}

std::string xml_escaped(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        if (c == '&')
            escaped += "&amp;";
        else if (c == '<')
            escaped += "&lt;";
        else if (c == '>')
            escaped += "&gt;";
        else
            escaped += c;
    }
    return escaped;
}

} // namespace estante::s3

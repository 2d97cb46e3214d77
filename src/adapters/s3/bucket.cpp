#include "adapters/s3/bucket.hpp"

#include "adapters/aws/endpoint_url.hpp"
#include "adapters/aws/signature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace estante::s3 {

namespace {

constexpr std::string_view checksum_header = "x-amz-checksum-sha256";

std::string with_bucket_in_host(const std::string& url, const std::string& bucket)
{
    const auto scheme = url.find("://") + 3;
    return fmt::format("{}{}.{}", url.substr(0, scheme), bucket, url.substr(scheme));
}

} // namespace

aws::Service bucket_service(const S3Options& options)
{
    using Addressing = S3Options::Addressing;
    auto service = aws::service_at("s3", options.region, options.endpoint);
    const bool is_aws = options.endpoint.empty();
    const bool bucket_in_host =
        options.addressing == Addressing::host ||
        (options.addressing == Addressing::automatic && is_aws && !options.bucket.contains('.'));
    while (service.url.ends_with('/'))
        service.url.pop_back();
    service.url = bucket_in_host ? with_bucket_in_host(service.url, options.bucket)
                                 : fmt::format("{}/{}", service.url, options.bucket);
    return service;
}

ObjectError object_error_from(const aws::Failure& failure, std::string_view operation)
{
    using Code = ObjectError::Code;
    static constexpr std::array<std::string_view, 3> invalid_types{"KeyTooLongError", "EntityTooLarge", "InvalidURI"};
    auto code = Code::unavailable;
    if (failure.status == 412)
        code = Code::precondition_failed;
    else if (std::ranges::find(invalid_types, failure.type) != invalid_types.end())
        code = Code::invalid;
    return {.code = code,
            .detail =
                fmt::format("{}: {}{}{}{}{}", operation, failure.type, failure.type.empty() ? "" : " ", failure.message,
                            failure.attempts > 1 ? fmt::format(" ({} attempts)", failure.attempts) : "",
                            failure.maybe_applied ? "; it may have been applied" : "")};
}

bool is_no_such_key(const aws::Failure& failure)
{
    return failure.status == 404 && failure.type == "NoSuchKey";
}

Task<Result<aws::Response, aws::Failure>> Bucket::call(BucketRequest request) const
{
    aws::Request signed_request{.method = std::move(request.method),
                                .path = "/" + aws::percent_encode(request.key, true),
                                .query = std::move(request.query),
                                .headers = std::move(request.headers),
                                .body = std::move(request.body),
                                .idempotent = request.idempotent,
                                .attempt_timeout = attempt_timeout_};
    co_return co_await client_.call(service_, *credentials_, std::move(signed_request));
}

void set_body(BucketRequest& request, std::string body)
{
    const auto digest = sha256(body);
    request.headers.emplace_back("X-Amz-Content-Sha256", hex(digest));
    request.headers.emplace_back(checksum_header, base64(digest));
    request.body = std::move(body);
}

std::string base64_sha256(std::string_view body)
{
    return base64(sha256(body));
}

bool has_valid_checksum(const aws::Response& response)
{
    const auto checksum = aws::find_header(response.headers, checksum_header);
    // "…-3" is a checksum of the checksums of three parts.
    return checksum.empty() || checksum.contains('-') || checksum == base64_sha256(response.body);
}

std::string escape_xml(std::string_view text)
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

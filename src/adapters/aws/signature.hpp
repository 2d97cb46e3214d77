// AWS Signature Version 4 in the header Authorization, as pure functions over text.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include "adapters/aws/headers.hpp"
#include "codec/digest.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace estante::aws {

// What becomes of the path as it is sent before it is signed.
enum class PathRule {
    normalized, // RFC 3986 §5.2.4 and no doubled '/', then each segment encoded once more: every service but S3
    encoded,    // only encoded once more
    as_sent,    // S3
};

// Views that outlive the call.
struct ToSign {
    std::string_view method;
    std::string_view path;         // as it is sent
    std::string_view query;        // of `canonical_query`, and sent like that
    const Headers& headers;        // all of them are signed; Host and X-Amz-Date among them
    std::string_view payload_hash; // hex SHA-256 of the body, or what stands for it
    PathRule path_rule = PathRule::normalized;
};

struct CanonicalRequest {
    std::string text;
    std::string signed_headers; // "host;x-amz-date"
};

// RFC 3986 unreserved characters stay, others become %XX of their UTF-8 bytes.
std::string percent_encoded(std::string_view text, bool keep_slash = false);
// Encoded and sorted by encoded name, then value; "a=1&b=" without '?'.
std::string canonical_query(const std::vector<std::pair<std::string, std::string>>& decoded);

CanonicalRequest canonical_request(const ToSign& request);
std::string amz_date(std::int64_t utc_ms); // "20150830T123600Z"
// "20150830/us-east-1/service/aws4_request"
std::string credential_scope(std::string_view amz_date, std::string_view region, std::string_view service);
std::string string_to_sign(std::string_view amz_date, std::string_view scope, std::string_view canonical_request);

// Holds for one day, region and service: worth keeping.
Digest signing_key(std::string_view secret, std::string_view amz_date, std::string_view region,
                   std::string_view service);
std::string signature(const Digest& signing_key, std::string_view string_to_sign);
std::string authorization(std::string_view access_key_id, std::string_view scope, std::string_view signed_headers,
                          std::string_view signature);

} // namespace estante::aws

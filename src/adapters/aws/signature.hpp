// AWS Signature Version 4 for the header Authorization, as pure functions on text.
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

// How the path of the request becomes the path in the signature.
enum class PathRule {
    normalized, // RFC 3986 §5.2.4, no empty segments, and each segment encoded once more: all services except S3
    encoded,    // encoded once more
    as_sent,    // S3
};

// Views that outlive the call.
struct SignatureInput {
    std::string_view method;
    std::string_view path;         // as sent
    std::string_view query;        // from canonical_query(), as sent
    const Headers& headers;        // all are signed; must include Host and X-Amz-Date
    std::string_view payload_hash; // hex SHA-256 of the body, or "UNSIGNED-PAYLOAD"
    PathRule path_rule = PathRule::normalized;
};

struct CanonicalRequest {
    std::string text;
    std::string signed_headers; // "host;x-amz-date"
};

// Encodes every byte except the unreserved characters of RFC 3986.
std::string percent_encode(std::string_view text, bool keep_slash = false);
// Encoded, and sorted by encoded name and value: "a=1&b=", without '?'.
std::string canonical_query(const std::vector<std::pair<std::string, std::string>>& decoded);

CanonicalRequest canonical_request(const SignatureInput& request);
std::string amz_date(std::int64_t utc_ms); // "20150830T123600Z"
// "20150830/us-east-1/service/aws4_request"
std::string credential_scope(std::string_view amz_date, std::string_view region, std::string_view service);
std::string string_to_sign(std::string_view amz_date, std::string_view scope, std::string_view canonical_request);

// Valid for one day, region and service, so it can be cached.
Digest signing_key(std::string_view secret, std::string_view amz_date, std::string_view region,
                   std::string_view service);
std::string signature(const Digest& signing_key, std::string_view string_to_sign);
std::string authorization(std::string_view access_key_id, std::string_view scope, std::string_view signed_headers,
                          std::string_view signature);

} // namespace estante::aws

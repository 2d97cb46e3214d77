// Serializes and signs requests. Derived signing keys are cached, since deriving one costs more than the rest of a
// signature.
#pragma once

#include "adapters/aws/client.hpp"
#include "adapters/aws/http_connection.hpp"
#include "codec/digest.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace estante::aws {

// Any thread.
class SigningKeyCache {
public:
    // `id_and_scope`: "AKID/20150830/us-east-1/s3/aws4_request".
    Digest get_or_derive(const Credentials& key, const std::string& id_and_scope, std::string_view amz_date,
                         const Service& service);

private:
    struct Entry {
        std::string secret;
        Digest signing_key;
    };
    std::mutex mutex_;
    std::unordered_map<std::string, Entry> entries_; // by id and scope
};

// The parts that are the same in every attempt of a request.
struct PreparedRequest {
    Request request{}; // without its body
    std::string url{}; // of the endpoint
    std::string query{};
    std::shared_ptr<const std::string> body{};
    std::string payload_hash{}; // empty when the request is not signed
};

// Throws std::invalid_argument when a header or the path contains a line break or another control character.
PreparedRequest prepare(std::string url, Request request, bool will_be_signed);

WireRequest unsigned_request(const PreparedRequest& prepared);
WireRequest signed_request(const PreparedRequest& prepared, const Service& service, const Credentials& key,
                           std::int64_t now_ms, SigningKeyCache& signing_keys);

} // namespace estante::aws

// A request as bytes, signed. Derived signing keys are kept, since deriving one costs more than the rest of a
// signature.
#pragma once

#include "adapters/aws/client.hpp"
#include "adapters/aws/connection.hpp"
#include "codec/digest.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace estante::aws {

// Any thread.
class SigningKeys {
public:
    // `id_and_scope`: "AKID/20150830/us-east-1/s3/aws4_request".
    Digest of(const AccessKey& key, const std::string& id_and_scope, std::string_view amz_date, const Service& service);

private:
    struct Kept {
        std::string secret;
        Digest key;
    };
    std::mutex mutex_;
    std::unordered_map<std::string, Kept> kept_;
};

// What is the same in every attempt of a request.
struct Prepared {
    Request request{}; // without its body
    std::string url{}; // of the endpoint
    std::string query{};
    std::shared_ptr<const std::string> body{};
    std::string payload_hash{}; // empty when nothing is signed
};

// Throws std::invalid_argument when a header or the path holds a line's end or another control character.
Prepared prepare(std::string url, Request request, bool to_sign);

Outgoing unsigned_request(const Prepared& prepared);
Outgoing signed_request(const Prepared& prepared, const Service& service, const AccessKey& key, std::int64_t now_ms,
                        SigningKeys& keys);

} // namespace estante::aws

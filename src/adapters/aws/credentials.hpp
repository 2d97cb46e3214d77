// The access key that signs a request. It is fetched when first needed, cached, and refreshed before it expires.
#pragma once

#include "domain/result.hpp"
#include "runtime/task.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace estante::aws {

struct AccessKey {
    std::string id{};
    std::string secret{};
    std::string session_token{};              // empty for a long-term key
    std::optional<std::int64_t> expires_ms{}; // UTC; absent: never
};

struct CredentialsError {
    std::string reason; // one line that names the sources that were tried; holds no secret
};

class Credentials {
public:
    virtual ~Credentials() = default;

    // Any thread. Concurrent callers share one fetch.
    virtual Task<Result<AccessKey, CredentialsError>> key() = 0;
    // A service reported that this key has expired: the next key() fetches another.
    virtual void mark_expired(const AccessKey& key) = 0;
};

} // namespace estante::aws

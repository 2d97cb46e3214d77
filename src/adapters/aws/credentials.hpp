// Who signs a request. Credentials are fetched when first needed, kept, and fetched anew before they expire.
#pragma once

#include "runtime/task.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

namespace estante::aws {

struct AccessKey {
    std::string id{};
    std::string secret{};
    std::string session_token{};              // empty for a lasting key
    std::optional<std::int64_t> expires_ms{}; // UTC; absent: never
};

struct NoCredentials {
    std::string reason; // one line that names what was tried; holds no secret
};

class Credentials {
public:
    virtual ~Credentials() = default;

    // Any thread. Concurrent callers share one fetch.
    virtual Task<std::expected<AccessKey, NoCredentials>> key() = 0;
    // The service called this key expired: the next `key()` fetches another.
    virtual void expired(const AccessKey& key) = 0;
};

} // namespace estante::aws

// The credentials that sign a request, and their provider: it fetches them when they are first needed, caches them, and
// refreshes them before they expire.
#pragma once

#include "domain/result.hpp"
#include "runtime/task.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace estante::aws {

struct Credentials {
    std::string id{};
    std::string secret{};
    std::string session_token{};              // empty for a long-term key
    std::optional<std::int64_t> expires_ms{}; // UTC; absent: never
};

struct CredentialsError {
    std::string reason; // one line that names the sources that were tried; holds no secret
};

class CredentialsProvider {
public:
    virtual ~CredentialsProvider() = default;

    // Thread-safe. Concurrent callers share one fetch.
    virtual Task<Result<Credentials, CredentialsError>> get() = 0;
    // A service reported that these have expired: the next get() fetches others.
    virtual void mark_expired(const Credentials& key) = 0;
};

} // namespace estante::aws

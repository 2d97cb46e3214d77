// A login session: a family of refresh tokens of which only the newest is valid (RFC 9700 §4.14.2). A token is
// `{tenant}.{user}.{session}.{32 random bytes, base64url}`; the store has its SHA-256.
#pragma once

#include "domain/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace estante {

struct Session {
    static constexpr std::int64_t lifetime_s = 30L * 24 * 3600; // from the last refresh
    static constexpr std::size_t max_per_user = 20;             // a further one ends the oldest

    SessionId id;
    UserId user;
    std::string token_hash;            // of the newest refresh token
    std::int64_t password_version = 1; // of the user at login
    std::int64_t created_ms = 0;
    std::int64_t refreshed_ms = 0;
    std::int64_t expires_at_s = 0;

    bool operator==(const Session&) const = default;
};

struct RefreshToken {
    static constexpr std::size_t max_text = 200;

    TenantId tenant;
    UserId user;
    SessionId session;
    std::string secret; // 43 characters

    bool operator==(const RefreshToken&) const = default;
    // Accepts exactly what `to_string` writes.
    static std::optional<RefreshToken> parse(std::string_view text);
};

std::string to_string(const RefreshToken& token);

} // namespace estante

#pragma once

#include "domain/caller.hpp"

#include <string>

namespace estante {

struct AccessClaims {
    TenantId tenant;
    UserId user;
    SessionId session;
    Role role;
};

// Signs access tokens (JWT, RFC 7519; HS256) that are valid for 15 minutes.
class TokenSigner {
public:
    virtual ~TokenSigner() = default;
    virtual std::string sign(const AccessClaims& claims) = 0;
};

} // namespace estante

#pragma once

#include "domain/caller.hpp"
#include "domain/result.hpp"
#include "operations/users/signed_in.hpp"
#include "ports/tenant_items.hpp"

namespace estante::users {

struct LogoutUser {
    RefreshTokenText refresh_token{};

    std::optional<TenantId> named_tenant() const;
};
BOOST_DESCRIBE_STRUCT(LogoutUser, (), (refresh_token))

// Ends the session of a refresh token; its access tokens become invalid too. A session that has already ended is no
// error (RFC 7009 §2.2). A superseded token also ends the session.
// Errors: unauthenticated (not a token of this tenant).
Task<Result<Nothing>> logout_user(const Caller& caller, const LogoutUser& request, TenantItems& items);

} // namespace estante::users

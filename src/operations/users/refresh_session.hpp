#pragma once

#include "domain/caller.hpp"
#include "domain/result.hpp"
#include "operations/users/signed_in.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"
#include "ports/tenant_items.hpp"
#include "ports/token_signer.hpp"

namespace estante::users {

struct RefreshSession {
    RefreshTokenText refresh_token{};

    // The tenant that the token names; nothing if it is no token at all.
    std::optional<TenantId> named_tenant() const;
};
BOOST_DESCRIBE_STRUCT(RefreshSession, (), (refresh_token))

// Exchanges a refresh token for a new pair, with the role that the user has now. A token is good once: of two that
// come at the same time one is the older, and whoever shows an old one ends the session (RFC 9700 §4.14.2), since it
// cannot be told who of the two stole it. To know a session's id is to hold one of its tokens, so any wrong secret is
// taken for an old one.
// Errors: forbidden (the shop is suspended), unauthenticated (ended, expired, superseded or never given).
Task<Result<SignedIn>> refresh_session(const Caller& caller, const RefreshSession& request, TenantItems& items,
                                       TokenSigner& signer, Random& random, Clock& clock);

} // namespace estante::users

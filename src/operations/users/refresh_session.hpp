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

    // The tenant in the token; nothing if the text is not a token.
    std::optional<TenantId> named_tenant() const;
};
BOOST_DESCRIBE_STRUCT(RefreshSession, (), (refresh_token))

// Exchanges a refresh token for a new pair of tokens with the user's current role. A token works once. A superseded
// token means that it or its successor was stolen; the server cannot tell which, so it ends the session (RFC 9700
// §4.14.2). The same holds for the second of two requests with one token, and for a wrong secret, because only a holder
// of one of its tokens knows a session's id.
// Errors: forbidden (the shop is suspended), unauthenticated (ended, expired, superseded or unknown).
Task<Result<SignedIn>> refresh_session(const Caller& caller, const RefreshSession& request, TenantItems& items,
                                       TokenSigner& signer, Random& random, Clock& clock);

} // namespace estante::users

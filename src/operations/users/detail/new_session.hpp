// The last steps of every sign-in: create a session with its tokens, then clean up.
#pragma once

#include "domain/caller.hpp"
#include "domain/user.hpp"
#include "operations/users/signed_in.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"
#include "ports/tenant_items.hpp"
#include "ports/token_signer.hpp"

namespace estante::users {

struct NewSession {
    Put put{}; // written together with the change that lets the user in, or after it
    SignedIn response{};
};
NewSession new_session(const TenantId& tenant, const User& user, TokenSigner& signer, IdGenerator& ids, Random& random,
                       Clock& clock);

// A refresh token of this session with new random bytes.
RefreshToken new_refresh_token(const TenantId& tenant, const UserId& user, const SessionId& session, Random& random);

// Call it after the session is written. Deletes the user's oldest sessions beyond Session::max_per_user and merges the
// caller's guest cart into the user's cart. A failure does not fail the sign-in: the next sign-in tries again.
Task<void> finish_sign_in(const Caller& caller, UserId user, TenantItems& items, Clock& clock);

} // namespace estante::users

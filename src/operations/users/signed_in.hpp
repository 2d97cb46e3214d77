// How every way into a shop ends: a new session, its tokens, and what is put in order around it.
#pragma once

#include "domain/caller.hpp"
#include "domain/result.hpp"
#include "domain/session.hpp"
#include "domain/user.hpp"
#include "operations/users/profile.hpp"
#include "ports/clock.hpp"
#include "ports/id_generator.hpp"
#include "ports/random.hpp"
#include "ports/tenant_items.hpp"
#include "ports/token_signer.hpp"

#include <boost/describe.hpp>

#include <string>

namespace estante::users {

using RefreshTokenText = Text<1, RefreshToken::max_text>;

struct SignedIn {
    std::string token{}; // the access token, for 15 minutes
    RefreshTokenText refresh_token{};
    Profile user{};
};
BOOST_DESCRIBE_STRUCT(SignedIn, (), (token, refresh_token, user))

// The same, of someone whose account was made on the way.
struct Registered : SignedIn {
    std::string location() const { return "/v1/users/me"; }
};
BOOST_DESCRIBE_STRUCT(Registered, (SignedIn), ())

struct NewSession {
    Put put{}; // to be written with, or after, what let the user in
    SignedIn answer{};
};
NewSession new_session(const TenantId& tenant, const User& user, TokenSigner& signer, Ids& ids, Random& random,
                       Clock& clock);

// A refresh token of this session with fresh random bytes.
RefreshToken new_refresh_token(const TenantId& tenant, const UserId& user, const SessionId& session, Random& random);

// After a session was written: ends the user's oldest beyond Session::max_per_user, and brings the lines of the
// caller's guest cart into the user's. Neither can fail the sign-in: what is left undone, the next one does.
Task<void> finish_sign_in(const Caller& caller, UserId user, TenantItems& items, Clock& clock);

// 401 for a refresh token that is no longer good or never was.
std::unexpected<Error> bad_refresh_token();

} // namespace estante::users

// The response of a sign-in.
#pragma once

#include "domain/session.hpp"
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
    std::string token{}; // the access token, valid for 15 minutes
    RefreshTokenText refresh_token{};
    Profile user{};
};
BOOST_DESCRIBE_STRUCT(SignedIn, (), (token, refresh_token, user))

// The same for a user whose account was just created.
struct Registered : SignedIn {
    std::string location() const { return "/v1/users/me"; }
};
BOOST_DESCRIBE_STRUCT(Registered, (SignedIn), ())

} // namespace estante::users

#pragma once

#include "domain/caller.hpp"
#include "domain/result.hpp"
#include "operations/users/signed_in.hpp"
#include "ports/clock.hpp"
#include "ports/password_hasher.hpp"
#include "ports/random.hpp"
#include "ports/tenant_items.hpp"
#include "ports/token_signer.hpp"

namespace estante::users {

struct LoginUser {
    std::optional<TenantId> tenant_id{};
    Email email{};
    PasswordAttempt password{};

    std::optional<TenantId> named_tenant() const { return tenant_id; }
};
BOOST_DESCRIBE_STRUCT(LoginUser, (), (tenant_id, email, password))

// Starts a session. An unknown e-mail and a wrong password give the same error after the same work, so that neither the
// response nor its time tells which e-mails have an account.
// Errors: not_found (no such tenant), forbidden (it is suspended), unauthenticated.
Task<Result<SignedIn>> login_user(const Caller& caller, const LoginUser& request, TenantItems& items,
                                  PasswordHasher& hasher, TokenSigner& signer, IdGenerator& ids, Random& random,
                                  Clock& clock);

} // namespace estante::users

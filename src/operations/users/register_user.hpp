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

struct RegisterUser {
    std::optional<TenantId> tenant_id{};
    Email email{};
    Password password{};
    std::optional<PersonName> name{};

    std::optional<TenantId> named_tenant() const { return tenant_id; }
};
BOOST_DESCRIBE_STRUCT(RegisterUser, (), (tenant_id, email, password, name))

// Creates a customer's account in the caller's tenant and signs the customer in.
// Errors: not_found (no such shop), forbidden (it is suspended), already_exists (the e-mail has an account here).
Task<Result<Registered>> register_user(const Caller& caller, const RegisterUser& request, TenantItems& items,
                                       PasswordHasher& hasher, TokenSigner& signer, IdGenerator& ids, Random& random,
                                       Clock& clock);

} // namespace estante::users

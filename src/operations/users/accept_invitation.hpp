#pragma once

#include "domain/caller.hpp"
#include "domain/result.hpp"
#include "operations/tenants/invite_manager.hpp"
#include "operations/users/signed_in.hpp"
#include "ports/clock.hpp"
#include "ports/password_hasher.hpp"
#include "ports/random.hpp"
#include "ports/tenant_items.hpp"
#include "ports/token_signer.hpp"

namespace estante::users {

struct AcceptInvitation {
    std::optional<TenantId> tenant_id{};
    tenants::InvitationText invitation{};
    Password password{};
    std::optional<PersonName> name{};

    std::optional<TenantId> named_tenant() const { return tenant_id; }
};
BOOST_DESCRIBE_STRUCT(AcceptInvitation, (), (tenant_id, invitation, password, name))

// Makes the invited person a manager and signs them in. An invitation works once. If the e-mail already has an account
// in the shop, the password must be that account's, and that account becomes a manager: so nobody is promoted who
// registered with another person's e-mail.
// Errors: not_found (the invitation is unknown, used or expired), forbidden (the shop is suspended), already_exists
// (the e-mail has an account with another password), conflict (the account changed at the same time).
Task<Result<Registered>> accept_invitation(const Caller& caller, const AcceptInvitation& request, TenantItems& items,
                                           PasswordHasher& hasher, TokenSigner& signer, IdGenerator& ids,
                                           Random& random, Clock& clock);

} // namespace estante::users

#pragma once

#include "codec/shapes.hpp"
#include "domain/caller.hpp"
#include "domain/result.hpp"
#include "domain/tenant.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"
#include "ports/tenant_items.hpp"

#include <boost/describe.hpp>

namespace estante::tenants {

using InvitationText = Text<43, 43>; // 32 random bytes in base64url

struct InviteManager {
    TenantId tenant_id{};
    Email manager_email{};
};
BOOST_DESCRIBE_STRUCT(InviteManager, (), (tenant_id, manager_email))

struct SentInvitation {
    InvitationText invitation{};
    Timestamp expires_at{};

    std::string location() const { return "/v1/users/accept-invitation"; }
};
BOOST_DESCRIBE_STRUCT(SentInvitation, (), (invitation, expires_at))

// Invites another manager to a shop. The caller passes the invitation on to the owner of the e-mail. It works once, for
// seven days, and is shown only in this response. Earlier invitations stay valid.
// Errors: not_found (no such shop), forbidden (it is suspended), unavailable (it is being moved).
Task<Result<SentInvitation>> invite_manager(const Caller& caller, const InviteManager& request, AllItems& all,
                                            Random& random, Clock& clock);

} // namespace estante::tenants

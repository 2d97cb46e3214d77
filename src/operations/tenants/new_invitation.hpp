// An invitation in its two forms: what is kept, and what the invited person holds.
#pragma once

#include "domain/tenant.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"

namespace estante::tenants {

using InvitationText = Text<43, 43>; // 32 random bytes in base64url

struct NewInvitation {
    Invitation kept{};
    InvitationText shown{};
};
NewInvitation new_invitation(const Email& email, Random& random, Clock& clock);

} // namespace estante::tenants

// An invitation in its two forms: what is kept, and what the invited person holds.
#pragma once

#include "operations/tenants/invite_manager.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"

namespace estante::tenants {

struct NewInvitation {
    Invitation kept{};
    InvitationText shown{};
};
NewInvitation new_invitation(const Email& email, Random& random, Clock& clock);

} // namespace estante::tenants

// An invitation: the record that is stored, which has only a hash, and the text that the invited person gets.
#pragma once

#include "operations/tenants/invite_manager.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"

namespace estante::tenants {

struct NewInvitation {
    Invitation record{};
    InvitationText text{};
};
NewInvitation new_invitation(const Email& email, Random& random, Clock& clock);

} // namespace estante::tenants

#include "operations/tenants/detail/new_invitation.hpp"

#include "codec/digest.hpp"
#include "records/login_sessions.hpp"

#include <array>

namespace estante::tenants {

NewInvitation new_invitation(const Email& email, Random& random, Clock& clock)
{
    std::array<std::uint8_t, 32> secret{};
    random.fill(secret);
    InvitationText text{base64url(secret)};
    const auto now_ms = clock.now_ms();
    return {.record = {.hash = hash_of_secret(text.value),
                       .email = email,
                       .created_ms = now_ms,
                       .expires_at_s = now_ms / 1000 + Invitation::lifetime_s},
            .text = std::move(text)};
}

} // namespace estante::tenants

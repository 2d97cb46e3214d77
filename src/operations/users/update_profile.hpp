#pragma once

#include "domain/result.hpp"
#include "operations/users/profile.hpp"
#include "ports/clock.hpp"
#include "ports/tenant_items.hpp"

namespace estante::users {

struct UpdateProfile {
    std::optional<IfMatch> if_match{};
    std::optional<std::optional<PersonName>> name{}; // null clears it
    std::optional<Email> email{};
};
BOOST_DESCRIBE_STRUCT(UpdateProfile, (), (if_match, name, email))

// Changes the caller's own name or e-mail. A new e-mail is one transaction: the account moves and the claims change
// hands, so two accounts never share one and none is left behind. What changes nothing keeps the version.
// Errors: already_exists (the e-mail has an account here), version_mismatch, conflict, unauthenticated.
Task<Result<Profile>> update_profile(const Caller& caller, const UpdateProfile& request, TenantItems& items,
                                     Clock& clock);

} // namespace estante::users

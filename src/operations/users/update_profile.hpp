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

// Changes the caller's own name or e-mail. A new e-mail is one transaction that moves the account and replaces the
// claim, so two accounts never share an e-mail and no claim is left over. A request that changes nothing keeps the
// version.
// Errors: already_exists (the e-mail has an account here), version_mismatch, conflict, unauthenticated.
Task<Result<Profile>> update_profile(const Caller& caller, const UpdateProfile& request, TenantItems& items,
                                     Clock& clock);

} // namespace estante::users

#pragma once

#include "codec/shapes.hpp"
#include "domain/caller.hpp"
#include "domain/result.hpp"
#include "domain/user.hpp"
#include "ports/clock.hpp"
#include "ports/tenant_items.hpp"

#include <boost/describe.hpp>

namespace estante::users {

struct DeleteUser {};
BOOST_DESCRIBE_STRUCT(DeleteUser, (), ())

// Deletes the caller's own account. One transaction deletes the user and the claim on the e-mail, and for staff
// decrements the tenant's manager count; no token is valid from then on. Then the sessions and the cart are deleted.
// Purchases stay, because they are the shop's records; they keep only the user's id. If the deletion is interrupted,
// resume_deletions finishes it.
// Errors: conflict (the last manager, or the account changed at the same time), unauthenticated (the account is already
// deleted).
Task<Result<Nothing>> delete_user(const Caller& caller, const DeleteUser& request, TenantItems& items, Clock& clock);

// Finishes up to 100 interrupted deletions in this tenant. Called by each delete_user and by hosts at their start.
// Returns how many it finished. Errors: unavailable.
Task<Result<std::size_t>> resume_deletions(TenantItems& items);

} // namespace estante::users

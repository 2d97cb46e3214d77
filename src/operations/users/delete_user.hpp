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

// Deletes the caller's own account. In one transaction the user, the claim on the e-mail and, of staff, the count in
// the tenant; no token holds from then on. Then the sessions and the cart. Purchases stay: they are the shop's
// records, and keep only the user's id. A deletion that was cut off is finished by resume_deletions.
// Errors: conflict (the last manager; or the account changed meanwhile), unauthenticated (gone already).
Task<Result<Nothing>> delete_user(const Caller& caller, const DeleteUser& request, TenantItems& items, Clock& clock);

// Finishes what interrupted deletions in this tenant left; at most 100 of them. Each delete_user does it, and hosts
// when they begin. Answers how many it finished. Errors: unavailable.
Task<Result<std::size_t>> resume_deletions(TenantItems& items);

} // namespace estante::users

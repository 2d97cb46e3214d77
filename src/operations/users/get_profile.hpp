#pragma once

#include "domain/result.hpp"
#include "operations/users/profile.hpp"
#include "ports/tenant_items.hpp"

namespace estante::users {

struct GetProfile {};
BOOST_DESCRIBE_STRUCT(GetProfile, (), ())

// The caller's own account. Errors: unauthenticated (it was deleted).
Task<Result<Profile>> get_profile(const Caller& caller, const GetProfile& request, TenantItems& items);

} // namespace estante::users

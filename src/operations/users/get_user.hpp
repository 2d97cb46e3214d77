#pragma once

#include "domain/result.hpp"
#include "operations/users/profile.hpp"
#include "ports/tenant_items.hpp"

namespace estante::users {

struct GetUser {
    UserId user_id{};
};
BOOST_DESCRIBE_STRUCT(GetUser, (), (user_id))

// A user of the shop, for its managers. Errors: not_found.
Task<Result<Profile>> get_user(const Caller& caller, const GetUser& request, TenantItems& items);

} // namespace estante::users

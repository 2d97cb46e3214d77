#pragma once

#include "domain/result.hpp"
#include "operations/users/profile.hpp"
#include "ports/clock.hpp"
#include "ports/tenant_items.hpp"

namespace estante::users {

struct SetRole {
    UserId user_id{};
    ShopRole role = ShopRole::customer;
};
BOOST_DESCRIBE_STRUCT(SetRole, (), (user_id, role))

// Makes a user of the shop a manager, or a manager a customer. The new role applies from the user's next request. The
// same transaction changes the shop's manager count, which never falls below one.
// Errors: not_found, conflict (the last manager, or the account changed at the same time).
Task<Result<Profile>> set_role(const Caller& caller, const SetRole& request, TenantItems& items, Clock& clock);

} // namespace estante::users

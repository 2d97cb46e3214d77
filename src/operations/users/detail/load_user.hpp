#pragma once

#include "domain/caller.hpp"
#include "domain/result.hpp"
#include "domain/user.hpp"
#include "ports/tenant_items.hpp"

namespace estante::users {

// The caller's own account. Errors: unauthenticated (it was deleted since the token was checked).
Task<Result<User>> load_caller(const Caller& caller, TenantItems& items);

// Errors: not_found.
Task<Result<User>> load_user(UserId id, TenantItems& items);

} // namespace estante::users

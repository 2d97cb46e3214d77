#pragma once

#include "codec/shapes.hpp"
#include "domain/caller.hpp"
#include "domain/result.hpp"
#include "domain/user.hpp"
#include "ports/clock.hpp"
#include "ports/password_hasher.hpp"
#include "ports/tenant_items.hpp"

#include <boost/describe.hpp>

namespace estante::users {

struct ChangePassword {
    PasswordAttempt current_password{};
    Password new_password{};
};
BOOST_DESCRIBE_STRUCT(ChangePassword, (), (current_password, new_password))

// Changes the caller's password and ends all other sessions. A session that starts at the same time with the old
// password ends as well, because it has the old password version (User::password_version). The caller's own session
// stays valid.
// Errors: invalid (the current password is wrong), conflict (the account changed at the same time), unauthenticated.
Task<Result<Nothing>> change_password(const Caller& caller, const ChangePassword& request, TenantItems& items,
                                      PasswordHasher& hasher, Clock& clock);

} // namespace estante::users

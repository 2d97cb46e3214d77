// What all operations that create an account share.
#pragma once

#include "domain/user.hpp"
#include "operations/users/profile.hpp"
#include "ports/clock.hpp"
#include "ports/password_hasher.hpp"
#include "ports/random.hpp"
#include "ports/tenant_items.hpp"

#include <optional>
#include <string>
#include <vector>

namespace estante::users {

User new_user(const Email& email, const std::optional<PersonName>& name, Role role, std::string password_hash,
              IdGenerator& ids, Clock& clock);

// Writes the user and the claim on the e-mail; for staff it also increments the tenant's manager count. The conditions
// fail if the e-mail is in use.
std::vector<Action> actions_to_create(const User& user);

// Creates an account with any role in an existing tenant. Errors: already_exists (the e-mail).
Task<Result<Profile>> create_account(const Email& email, const Password& password,
                                     const std::optional<PersonName>& name, Role role, TenantItems& items,
                                     PasswordHasher& hasher, IdGenerator& ids, Clock& clock);

} // namespace estante::users

// What each way to make a user shares.
#pragma once

#include "domain/result.hpp"
#include "domain/user.hpp"
#include "ports/clock.hpp"
#include "ports/id_generator.hpp"
#include "ports/item_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace estante::users {

User new_user(const Email& email, const std::optional<PersonName>& name, Role role, std::string password_hash, Ids& ids,
              Clock& clock);

// The user and the claim on its e-mail; for staff also the count in the tenant. They fail when the e-mail is taken.
std::vector<Action> actions_to_create(const User& user);

std::unexpected<Error> email_is_taken();

} // namespace estante::users

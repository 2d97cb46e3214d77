#pragma once

#include "domain/result.hpp"
#include "operations/users/profile.hpp"
#include "ports/clock.hpp"
#include "ports/id_generator.hpp"
#include "ports/password_hasher.hpp"
#include "ports/tenant_items.hpp"

#include <boost/describe.hpp>

namespace estante::users {

struct CreateUser {
    Email email{};
    Password password{};
    std::optional<PersonName> name{};
    ShopRole role = ShopRole::customer;
};
BOOST_DESCRIBE_STRUCT(CreateUser, (), (email, password, name, role))

// Creates a user of the shop and signs nobody in. For operators, at the command line. Works in a suspended shop.
// Errors: not_found (no such shop), already_exists, unavailable (the shop is being moved).
Task<Result<Profile>> create_user(const CreateUser& request, TenantItems& items, PasswordHasher& hasher,
                                  IdGenerator& ids, Clock& clock);

} // namespace estante::users

#pragma once

#include "domain/result.hpp"
#include "operations/users/profile.hpp"
#include "ports/clock.hpp"
#include "ports/password_hasher.hpp"
#include "ports/random.hpp"
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

// Makes a user of the shop whose items these are, without signing anyone in: for whoever runs the platform, at the
// command line. Works in a suspended shop. Errors: not_found (no such shop), already_exists.
Task<Result<Profile>> create_user(const CreateUser& request, TenantItems& items, PasswordHasher& hasher, Ids& ids,
                                  Clock& clock);

} // namespace estante::users

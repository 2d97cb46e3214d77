// A user account of one shop, or of the operator's staff.
#pragma once

#include "domain/caller.hpp"
#include "domain/email.hpp"
#include "domain/limited.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace estante {

using Password = Text<8, 128>;        // when it is set
using PasswordAttempt = Text<1, 128>; // when it is checked: the limits of a real password are not disclosed
using PersonName = Text<1, 100>;

struct User {
    UserId id;
    Email email;
    std::optional<PersonName> name{};
    Role role = Role::customer;
    std::string password_hash;         // PHC string form
    std::int64_t password_version = 1; // a session with another number is invalid: a new password ends the others
    std::int64_t version = 1;
    std::int64_t created_ms = 0;
    std::int64_t updated_ms = 0;

    bool operator==(const User&) const = default;
};

// The roles that a shop can give to its users.
enum class ShopRole { customer, manager };
BOOST_DESCRIBE_ENUM(ShopRole, customer, manager)
inline Role to_role(ShopRole role)
{
    return role == ShopRole::manager ? Role::manager : Role::customer;
}

// Whether a shop (or the operator) must have at least one user with this role.
inline bool is_staff(Role role)
{
    return role != Role::customer;
}

} // namespace estante

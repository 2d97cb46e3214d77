// A person with an account in one shop, or one of the platform's own staff.
#pragma once

#include "domain/caller.hpp"
#include "domain/email.hpp"
#include "domain/limited.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace estante {

using Password = Text<8, 128>;        // a new one
using PasswordAttempt = Text<1, 128>; // what someone types; how long the real one is stays unsaid
using PersonName = Text<1, 100>;

struct User {
    UserId id;
    Email email;
    std::optional<PersonName> name{};
    Role role = Role::customer;
    std::string password_hash; // PHC string form
    std::int64_t password_version =
        1; // a session holds only while it carries this number: a new password ends the others
    std::int64_t version = 1;
    std::int64_t created_ms = 0;
    std::int64_t updated_ms = 0;

    bool operator==(const User&) const = default;
};

// What a user of a shop can be made.
enum class ShopRole { customer, manager };
BOOST_DESCRIBE_ENUM(ShopRole, customer, manager)
inline Role role_of(ShopRole role)
{
    return role == ShopRole::manager ? Role::manager : Role::customer;
}

// Whether a shop (or the platform) needs at least one user with this role.
inline bool is_staff(Role role)
{
    return role != Role::customer;
}

} // namespace estante

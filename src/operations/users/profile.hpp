// A user as the API shows it, to the user and to the shop's managers.
#pragma once

#include "codec/shapes.hpp"
#include "domain/user.hpp"

#include <boost/describe.hpp>

#include <cstdint>
#include <string>

namespace estante::users {

struct Profile {
    UserId user_id{};
    Email email{};
    Nullable<PersonName> name{};
    Role role = Role::customer;
    std::int64_t version = 1;
    Timestamp created_at{};
    Timestamp updated_at{};

    std::string etag() const { return std::to_string(version); }
    bool operator==(const Profile&) const = default;
};
BOOST_DESCRIBE_STRUCT(Profile, (), (user_id, email, name, role, version, created_at, updated_at))

inline Profile to_profile(const User& user)
{
    return {.user_id = user.id,
            .email = user.email,
            .name = {user.name},
            .role = user.role,
            .version = user.version,
            .created_at = {user.created_ms},
            .updated_at = {user.updated_ms}};
}

} // namespace estante::users

#pragma once

#include "domain/result.hpp"
#include "operations/users/profile.hpp"
#include "ports/tenant_items.hpp"

namespace estante::users {

struct ListUsers {
    std::optional<PageToken> cursor{};
    PageLimit limit{};
};
BOOST_DESCRIBE_STRUCT(ListUsers, (), (cursor, limit))

// The users of the shop in the order of their e-mails, for its managers.
Task<Result<ListOf<Profile>>> list_users(const Caller& caller, const ListUsers& request, TenantItems& items);

} // namespace estante::users

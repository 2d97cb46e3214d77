#include "operations/users/new_user.hpp"

#include "records/tenants.hpp"
#include "records/users.hpp"

namespace estante::users {

User new_user(const Email& email, const std::optional<PersonName>& name, Role role, std::string password_hash, Ids& ids,
              Clock& clock)
{
    const auto now_ms = clock.now_ms();
    return {.id = ids.make<UserId>(),
            .email = email,
            .name = name,
            .role = role,
            .password_hash = std::move(password_hash),
            .created_ms = now_ms,
            .updated_ms = now_ms};
}

std::vector<Action> actions_to_create(const User& user)
{
    std::vector<Action> actions{
        Put{.table = Table::users, .item = to_item(user), .conditions = {Absent{}}},
        Put{.table = Table::users, .item = email_claim_of(user), .conditions = {Absent{}}},
    };
    if (is_staff(user.role))
        actions.emplace_back(one_manager_more());
    return actions;
}

std::unexpected<Error> email_is_taken()
{
    return failure(Errc::already_exists, "Ya hay una cuenta con ese correo en esta tienda.",
                   "There is an account with that e-mail in this shop already.");
}

} // namespace estante::users

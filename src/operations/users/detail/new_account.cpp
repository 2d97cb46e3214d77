#include "operations/users/detail/new_account.hpp"

#include "operations/users/detail/account_errors.hpp"
#include "records/store_failure.hpp"
#include "records/tenants.hpp"
#include "records/users.hpp"

namespace estante::users {

User new_user(const Email& email, const std::optional<PersonName>& name, Role role, std::string password_hash,
              IdGenerator& ids, Clock& clock)
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
        Put{.table = Table::users, .item = email_claim_item(user), .conditions = {Absent{}}},
    };
    if (is_staff(user.role))
        actions.emplace_back(increment_managers());
    return actions;
}

Task<Result<Profile>> create_account(const Email& email, const Password& password,
                                     const std::optional<PersonName>& name, Role role, TenantItems& items,
                                     PasswordHasher& hasher, IdGenerator& ids, Clock& clock)
{
    const auto user = new_user(email, name, role, co_await hasher.hash(password.value), ids, clock);
    const auto stored = co_await items.transact(actions_to_create(user));
    if (stored)
        co_return to_profile(user);
    if (is_condition_failed(stored.error()))
        co_return email_in_use();
    co_return store_failure(stored.error());
}

} // namespace estante::users

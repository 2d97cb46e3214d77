#include "operations/users/update_profile.hpp"

#include "operations/detail/if_match.hpp"
#include "operations/users/detail/account_errors.hpp"
#include "operations/users/detail/load_user.hpp"
#include "records/store_failure.hpp"
#include "records/users.hpp"

namespace estante::users {

namespace {

constexpr std::size_t new_claim_action = 1; // its index in the transaction

std::vector<Action> actions_to_change(const User& before, const User& after)
{
    if (before.email == after.email)
        return {Put{.table = Table::users, .item = to_item(after), .conditions = {VersionIs{before.version}}}};
    return {
        Put{.table = Table::users, .item = to_item(after), .conditions = {Absent{}}},
        Put{.table = Table::users, .item = email_claim_item(after), .conditions = {Absent{}}},
        Delete{
            .table = Table::users, .key = user_key(before.id, before.email), .conditions = {VersionIs{before.version}}},
        Delete{.table = Table::users,
               .key = email_claim_key(before.email),
               .conditions = {Equals{"user_id", before.id.value}}},
    };
}

} // namespace

Task<Result<Profile>> update_profile(const Caller& caller, const UpdateProfile& request, TenantItems& items,
                                     Clock& clock)
{
    const auto user = co_await load_caller(caller, items);
    if (!user)
        co_return std::unexpected(user.error());
    if (auto current = check_version(request.if_match, user->version); !current)
        co_return std::unexpected(current.error());

    User after = *user;
    after.name = request.name.value_or(user->name);
    after.email = request.email.value_or(user->email);
    if (after == *user)
        co_return to_profile(*user);
    ++after.version;
    after.updated_ms = clock.now_ms();

    const auto stored = co_await items.transact(actions_to_change(*user, after));
    if (stored)
        co_return to_profile(after);
    if (!is_condition_failed(stored.error()))
        co_return store_failure(stored.error());
    if (failed_action(stored.error(), new_claim_action))
        co_return email_in_use();
    co_return write_conflict(request.if_match);
}

} // namespace estante::users

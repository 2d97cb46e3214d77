#include "operations/users/change_password.hpp"

#include "operations/detail/if_match.hpp"
#include "operations/users/detail/account_errors.hpp"
#include "operations/users/detail/load_user.hpp"
#include "records/item_attributes.hpp"
#include "records/login_sessions.hpp"
#include "records/store_failure.hpp"
#include "records/users.hpp"

namespace estante::users {

namespace {

constexpr std::size_t session_action = 1; // its index in the transaction

std::vector<Action> actions_to_change(const User& user, const SessionId& session, std::string hash, std::int64_t now_ms)
{
    const Equals old_password{"password_version", user.password_version};
    return {
        Update{.table = Table::users,
               .key = user_key(user.id, user.email),
               .set = {{"password_hash", std::move(hash)}, {"updated_at", time_value(now_ms)}},
               .add = {{"password_version", 1}, {"version", 1}},
               .conditions = {old_password}},
        Update{.table = Table::users,
               .key = session_key(user.id, session),
               .add = {{"password_version", 1}},
               .conditions = {old_password}},
    };
}

// These sessions are already invalid because the password version changed. This only deletes their items.
Task<void> delete_ended_sessions(UserId user, std::int64_t old_password_version, TenantItems& items)
{
    const auto sessions = co_await items.query(sessions_query(user));
    if (!sessions)
        co_return;
    std::vector<Action> ended;
    for (const Item& item : sessions->items) {
        if (session_from(item).password_version <= old_password_version)
            ended.emplace_back(Delete{.table = Table::users, .key = key_of(item)});
    }
    (void)co_await items.batch_write(std::move(ended));
}

} // namespace

Task<Result<Nothing>> change_password(const Caller& caller, const ChangePassword& request, TenantItems& items,
                                      PasswordHasher& hasher, Clock& clock)
{
    const auto user = co_await load_caller(caller, items);
    if (!user)
        co_return std::unexpected(user.error());
    if (!co_await hasher.verify(request.current_password.value, user->password_hash))
        co_return invalid("/current_password", "incorrect", "La contraseña actual no es correcta.",
                          "The current password is incorrect.");

    auto hash = co_await hasher.hash(request.new_password.value);
    const auto stored =
        co_await items.transact(actions_to_change(*user, caller.session, std::move(hash), clock.now_ms()));
    if (!stored) {
        if (!is_condition_failed(stored.error()))
            co_return store_failure(stored.error());
        // After a concurrent change from the same session, the session's condition fails too, but the session exists.
        const FailedAction* session = failed_action(stored.error(), session_action);
        if (session && !session->current)
            co_return account_deleted();
        co_return write_conflict();
    }
    co_await delete_ended_sessions(user->id, user->password_version, items);
    co_return Nothing{};
}

} // namespace estante::users

#include "operations/users/delete_user.hpp"

#include "operations/detail/if_match.hpp"
#include "operations/users/detail/account_errors.hpp"
#include "operations/users/detail/load_user.hpp"
#include "records/carts.hpp"
#include "records/login_sessions.hpp"
#include "records/store_failure.hpp"
#include "records/tenants.hpp"
#include "records/users.hpp"

namespace estante::users {

namespace {

std::vector<Action> actions_to_delete(const User& user, std::int64_t now_ms)
{
    std::vector<Action> actions{
        Delete{.table = Table::users, .key = user_key(user.id, user.email), .conditions = {VersionIs{user.version}}},
        Delete{.table = Table::users,
               .key = email_claim_key(user.email),
               .conditions = {Equals{"user_id", user.id.value}}},
        Put{.table = Table::users, .item = deletion_item(user.id, now_ms)},
    };
    if (is_staff(user.role))
        actions.emplace_back(decrement_managers());
    return actions;
}

Task<StoreResult<void>> delete_remaining_items(UserId user, TenantItems& items)
{
    const auto sessions = co_await items.query(sessions_query(user));
    if (!sessions)
        co_return std::unexpected(sessions.error());
    std::vector<Action> remaining{Delete{.table = Table::purchases, .key = cart_key(user)}};
    for (const Item& item : sessions->items)
        remaining.emplace_back(Delete{.table = Table::users, .key = key_of(item)});
    if (auto removed = co_await items.batch_write(std::move(remaining)); !removed)
        co_return removed;
    co_return co_await items.remove({.table = Table::users, .key = deletion_key(user)});
}

} // namespace

Task<Result<Nothing>> delete_user(const Caller& caller, const DeleteUser&, TenantItems& items, Clock& clock)
{
    const auto user = co_await load_caller(caller, items);
    if (!user)
        co_return std::unexpected(user.error());
    const auto stored = co_await items.transact(actions_to_delete(*user, clock.now_ms()));
    if (!stored) {
        if (!is_condition_failed(stored.error()))
            co_return store_failure(stored.error());
        if (failed_action(stored.error(), 0) || failed_action(stored.error(), 1))
            co_return write_conflict();
        co_return last_manager();
    }
    (void)co_await resume_deletions(items); // the account is deleted; a later call finishes what an outage interrupts
    co_return Nothing{};
}

Task<Result<std::size_t>> resume_deletions(TenantItems& items)
{
    const auto unfinished = co_await items.query(deletions_query(100));
    if (!unfinished)
        co_return store_failure(unfinished.error());
    std::size_t finished = 0;
    for (const Item& deletion : unfinished->items) {
        if (auto removed = co_await delete_remaining_items(deleted_user(deletion), items); !removed)
            co_return store_failure(removed.error());
        ++finished;
    }
    co_return finished;
}

} // namespace estante::users

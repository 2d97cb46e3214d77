#include "operations/users/detail/new_session.hpp"

#include "codec/digest.hpp"
#include "operations/cart/detail/merge_guest_cart.hpp"
#include "records/login_sessions.hpp"

#include <array>

namespace estante::users {

RefreshToken new_refresh_token(const TenantId& tenant, const UserId& user, const SessionId& session, Random& random)
{
    std::array<std::uint8_t, 32> secret{};
    random.fill(secret);
    return {.tenant = tenant, .user = user, .session = session, .secret = base64url(secret)};
}

NewSession new_session(const TenantId& tenant, const User& user, TokenSigner& signer, IdGenerator& ids, Random& random,
                       Clock& clock)
{
    const auto id = ids.make<SessionId>();
    auto refresh_token = to_string(new_refresh_token(tenant, user.id, id, random));
    const auto now_ms = clock.now_ms();
    const Session session{.id = id,
                          .user = user.id,
                          .token_hash = hash_of_secret(refresh_token),
                          .password_version = user.password_version,
                          .created_ms = now_ms,
                          .refreshed_ms = now_ms,
                          .expires_at_s = now_ms / 1000 + Session::lifetime_s};
    return {.put = {.table = Table::users, .item = to_item(session), .conditions = {Absent{}}},
            .response = {.token = signer.sign({.tenant = tenant, .user = user.id, .session = id, .role = user.role}),
                         .refresh_token = {std::move(refresh_token)},
                         .user = to_profile(user)}};
}

namespace {

Task<void> end_oldest_sessions(UserId user, TenantItems& items)
{
    const auto sessions = co_await items.query(sessions_query(user));
    if (!sessions || sessions->items.size() <= Session::max_per_user)
        co_return;
    std::vector<Action> ended;
    for (std::size_t i = 0; i + Session::max_per_user < sessions->items.size(); ++i)
        ended.emplace_back(Delete{.table = Table::users, .key = key_of(sessions->items[i])});
    (void)co_await items.batch_write(std::move(ended));
}

} // namespace

Task<void> finish_sign_in(const Caller& caller, UserId user, TenantItems& items, Clock& clock)
{
    co_await end_oldest_sessions(user, items);
    if (!caller.guest.empty())
        (void)co_await cart::merge_guest_cart(items, caller.guest, user, clock);
}

} // namespace estante::users

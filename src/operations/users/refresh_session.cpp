#include "operations/users/refresh_session.hpp"

#include "codec/digest.hpp"
#include "operations/tenants/detail/load_tenant.hpp"
#include "operations/users/detail/account_errors.hpp"
#include "operations/users/detail/new_session.hpp"
#include "records/item_attributes.hpp"
#include "records/login_sessions.hpp"
#include "records/store_failure.hpp"
#include "records/users.hpp"

namespace estante::users {

namespace {

Task<Result<SignedIn>> revoke_and_reject(Key session, TenantItems& items)
{
    const auto removed = co_await items.remove({.table = Table::users, .key = std::move(session)});
    if (!removed)
        co_return store_failure(removed.error());
    co_return invalid_refresh_token();
}

} // namespace

std::optional<TenantId> RefreshSession::named_tenant() const
{
    const auto token = RefreshToken::parse(refresh_token.value);
    return token ? std::optional(token->tenant) : std::nullopt;
}

Task<Result<SignedIn>> refresh_session(const Caller& caller, const RefreshSession& request, TenantItems& items,
                                       TokenSigner& signer, Random& random, Clock& clock)
{
    const auto token = RefreshToken::parse(request.refresh_token.value);
    if (!token || token->tenant != caller.tenant)
        co_return invalid_refresh_token();
    const auto tenant = co_await tenants::load_open_tenant(items);
    if (!tenant && tenant.error().code == Errc::not_found)
        co_return invalid_refresh_token();
    if (!tenant)
        co_return std::unexpected(tenant.error());

    const auto session = co_await find_session(items, token->user, token->session);
    if (!session)
        co_return store_failure(session.error());
    if (!*session)
        co_return invalid_refresh_token();
    const auto key = session_key(token->user, token->session);
    const auto hash = hash_of_secret(request.refresh_token.value);
    if (!constant_time_equal(hash, (*session)->token_hash))
        co_return co_await revoke_and_reject(key, items);

    const auto user = co_await find_user(items, token->user);
    if (!user)
        co_return store_failure(user.error());
    if (!*user || (*user)->password_version != (*session)->password_version)
        co_return co_await revoke_and_reject(key, items);

    auto next = to_string(new_refresh_token(token->tenant, token->user, token->session, random));
    const auto now_ms = clock.now_ms();
    const auto rotated = co_await items.update({.table = Table::users,
                                                .key = key,
                                                .set = {{"token_hash", hash_of_secret(next)},
                                                        {"refreshed_at", time_value(now_ms)},
                                                        {"expires_at", now_ms / 1000 + Session::lifetime_s}},
                                                .conditions = {Equals{"token_hash", hash}}});
    if (!rotated && is_condition_failed(rotated.error()))
        co_return co_await revoke_and_reject(key, items); // another request with this token was first
    if (!rotated)
        co_return store_failure(rotated.error());
    co_return SignedIn{
        .token = signer.sign(
            {.tenant = token->tenant, .user = token->user, .session = token->session, .role = (*user)->role}),
        .refresh_token = {std::move(next)},
        .user = to_profile(**user)};
}

} // namespace estante::users

#include "operations/users/logout_user.hpp"

#include "operations/users/detail/account_errors.hpp"
#include "records/login_sessions.hpp"
#include "records/store_failure.hpp"

namespace estante::users {

std::optional<TenantId> LogoutUser::named_tenant() const
{
    const auto token = RefreshToken::parse(refresh_token.value);
    return token ? std::optional(token->tenant) : std::nullopt;
}

Task<Result<Nothing>> logout_user(const Caller& caller, const LogoutUser& request, TenantItems& items)
{
    const auto token = RefreshToken::parse(request.refresh_token.value);
    if (!token || token->tenant != caller.tenant)
        co_return invalid_refresh_token();
    const auto removed =
        co_await items.remove({.table = Table::users, .key = session_key(token->user, token->session)});
    if (!removed)
        co_return store_failure(removed.error());
    co_return Nothing{};
}

} // namespace estante::users

#include "records/login_sessions.hpp"

#include "codec/digest.hpp"
#include "records/item_attributes.hpp"

namespace estante {

namespace {

constexpr std::string_view session_prefix = "SESSION#";

} // namespace

Key session_key(const UserId& user, const SessionId& session)
{
    return {user.value, std::string(session_prefix) + session.value};
}

Item to_item(const Session& session)
{
    auto [pk, sk] = session_key(session.user, session.id);
    return {
        {"pk", pk},
        {"sk", sk},
        {"session_id", session.id.value},
        {"user_id", session.user.value},
        {"token_hash", session.token_hash},
        {"password_version", session.password_version},
        {"created_at", time_value(session.created_ms)},
        {"refreshed_at", time_value(session.refreshed_ms)},
        {"expires_at", session.expires_at_s},
    };
}

Session session_from(const Item& item)
{
    return {
        .id = parsed_at<SessionId>(item, "session_id"),
        .user = parsed_at<UserId>(item, "user_id"),
        .token_hash = text_at(item, "token_hash"),
        .password_version = int_at(item, "password_version"),
        .created_ms = time_at(item, "created_at"),
        .refreshed_ms = time_at(item, "refreshed_at"),
        .expires_at_s = int_at(item, "expires_at"),
    };
}

Query sessions_query(const UserId& user)
{
    return {.table = Table::users,
            .partition = user.value,
            .sort_keys = SortPrefix{std::string(session_prefix)},
            .limit = 1000};
}

Task<StoreResult<std::optional<Session>>> find_session(TenantItems& items, UserId user, SessionId session)
{
    const auto item = co_await items.get(Table::users, session_key(user, session));
    if (!item)
        co_return std::unexpected(item.error());
    if (!*item)
        co_return std::nullopt;
    co_return session_from(**item);
}

std::string hash_of_secret(std::string_view text)
{
    return hex(sha256(text));
}

} // namespace estante

// Sessions as items, in the table of users beside their user.
#pragma once

#include "domain/session.hpp"
#include "ports/tenant_items.hpp"

#include <optional>
#include <string>
#include <vector>

namespace estante {

Key session_key(const UserId& user, const SessionId& session);
Item to_item(const Session& session);
Session session_from(const Item& item);

// A user's sessions from the oldest to the newest; more than a user may have can be there until the next one begins.
Query sessions_query(const UserId& user);

Task<StoreResult<std::optional<Session>>> find_session(TenantItems& items, UserId user, SessionId session);

// SHA-256 in hex: how refresh tokens and invitations are kept.
std::string hash_of_secret(std::string_view text);

} // namespace estante

// Sessions of users as items, in the table of users, in the partition of their user.
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

// A user's sessions, oldest first. There may be more than a user may have until the next sign-in deletes them.
Query sessions_query(const UserId& user);

Task<StoreResult<std::optional<Session>>> find_session(TenantItems& items, UserId user, SessionId session);

// SHA-256 in hex: the form in which refresh tokens and invitations are stored.
std::string hash_of_secret(std::string_view text);

} // namespace estante

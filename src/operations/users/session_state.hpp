// What the validity of an access token depends on: its session, its user and its tenant.
#pragma once

#include "domain/tenant.hpp"
#include "ports/tenant_items.hpp"

#include <optional>

namespace estante::users {

struct SessionState {
    Role role = Role::customer; // the user's current role
    TenantStatus tenant = TenantStatus::active;

    bool operator==(const SessionState&) const = default;
};

// Three strongly consistent reads. Nothing if the session has ended or expired, or its user or tenant was deleted.
Task<StoreResult<std::optional<SessionState>>> load_session_state(TenantItems& items, UserId user, SessionId session);

} // namespace estante::users

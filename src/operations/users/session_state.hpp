// What an access token rests on. A token holds only while its session, user and tenant do.
#pragma once

#include "domain/tenant.hpp"
#include "ports/tenant_items.hpp"

#include <optional>

namespace estante::users {

struct SessionState {
    Role role = Role::customer; // the user's now
    TenantStatus tenant = TenantStatus::active;

    bool operator==(const SessionState&) const = default;
};

// Three reads, all strong. Nothing when the session has ended or expired, or its user or tenant is gone.
Task<StoreResult<std::optional<SessionState>>> load_session_state(TenantItems& items, UserId user, SessionId session);

} // namespace estante::users

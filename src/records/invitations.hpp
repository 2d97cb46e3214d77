// Invitations as items, in the table of users. The key has the hash of the invitation's text.
#pragma once

#include "domain/tenant.hpp"
#include "ports/tenant_items.hpp"

#include <optional>
#include <string>

namespace estante {

Key invitation_key(std::string_view hash);
Item to_item(const Invitation& invitation);
Invitation invitation_from(const Item& item);

Task<StoreResult<std::optional<Invitation>>> find_invitation(TenantItems& items, std::string hash);

} // namespace estante

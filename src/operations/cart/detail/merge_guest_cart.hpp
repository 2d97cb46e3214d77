#pragma once

#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "ports/clock.hpp"
#include "ports/tenant_items.hpp"
#include "runtime/task.hpp"

namespace estante::cart {

// Merges a guest's cart into the user's after a login or registration, and deletes the guest's cart in the same
// transaction. The quantities of a book in both are added, up to 99; the guest's price is kept because it is newer;
// lines beyond the 90th are left out. Without a guest's cart nothing changes, so the call can be repeated.
// Errors: conflict (the carts kept changing), unavailable.
Task<Result<void>> merge_guest_cart(TenantItems& items, const GuestId& guest, const UserId& user, Clock& clock);

} // namespace estante::cart

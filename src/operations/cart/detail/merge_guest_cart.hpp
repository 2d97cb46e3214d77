#pragma once

#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "ports/clock.hpp"
#include "ports/tenant_items.hpp"
#include "runtime/task.hpp"

namespace estante::cart {

// Puts the lines of a guest's cart into the user's, after a login or registration, and removes the guest's cart in the
// same transaction. Quantities of a book in both are added, at most 99; the guest's price counts, being the later one;
// lines beyond the 90th are left out. A guest without a cart changes nothing, so a repeated call is harmless.
// Errors: conflict (both carts kept changing), unavailable.
Task<Result<void>> merge_guest_cart(TenantItems& items, const GuestId& guest, const UserId& user, Clock& clock);

} // namespace estante::cart

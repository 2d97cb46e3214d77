#pragma once

#include "domain/purchase.hpp"
#include "ports/item_store.hpp"

#include <vector>

namespace estante::purchases {

// The purchase with another status and the next version, and the action that writes it at the version that was read.
Purchase with_status(Purchase purchase, PurchaseStatus status, std::int64_t now_ms);
Put purchase_put(const Purchase& changed);

} // namespace estante::purchases

// Tenants as items. A tenant's item is in the tenant's own partition, so that TenantItems reaches it, and in an index
// of the platform. Because of that index the whole item is only written through AllItems, with keys that contain the
// tenant.
#pragma once

#include "domain/tenant.hpp"
#include "ports/tenant_items.hpp"

#include <optional>

namespace estante {

Key tenant_key();                   // for TenantItems
Item to_item(const Tenant& tenant); // for AllItems: pk "tenant1#TENANT"
Tenant tenant_from(const Item& item);

// All shops in the order of their ids, for AllItems.
Query tenants_query(std::size_t limit, std::optional<Cursor> after);

// The attributes of the settings, for an update that leaves the manager count alone.
std::vector<std::pair<std::string, Value>> settings_attributes(const TenantSettings& settings);

// Sets the status and advances the version; fails if there is no such tenant.
Update tenant_status_update(TenantStatus status, std::int64_t now_ms);

// Increments the manager count, in the transaction that makes somebody a manager.
Update increment_managers();
// Decrements it, in the transaction that removes a manager; fails for the last one.
Update decrement_managers();

Task<StoreResult<std::optional<Tenant>>> find_tenant(TenantItems& items);

// The same action with the tenant in its keys, as TenantItems would write it: for a transaction of AllItems over
// several tenants.
Put in_tenant(const TenantId& tenant, Put put);

} // namespace estante

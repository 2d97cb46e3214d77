// Tenants as items. A tenant's item lives in the tenant's own partition, so that TenantItems reaches it, and is in an
// index of the platform's: such an item is written whole only through AllItems, with keys that name their tenant.
#pragma once

#include "domain/tenant.hpp"
#include "ports/tenant_items.hpp"

#include <optional>

namespace estante {

Key tenant_key();                   // for TenantItems
Item to_item(const Tenant& tenant); // for AllItems: pk "tenant1#TENANT"
Tenant tenant_from(const Item& item);

// All shops by id, for AllItems.
Query tenants_query(std::size_t limit, std::optional<Cursor> after);

// The attributes of settings, for an update that must leave the count of managers alone.
std::vector<std::pair<std::string, Value>> settings_attributes(const TenantSettings& settings);

// Gives the tenant a status, as one more version of it; fails when there is none.
Update tenant_status_update(TenantStatus status, std::int64_t now_ms);

// Counts one manager more, in the transaction that makes one.
Update increment_managers();
// Counts one manager less, in the transaction that takes one away; fails when it would take the last.
Update decrement_managers();

Task<StoreResult<std::optional<Tenant>>> find_tenant(TenantItems& items);

// The same action as TenantItems of that tenant would do it, for a transaction of AllItems over several tenants.
Put in_tenant(const TenantId& tenant, Put put);

} // namespace estante

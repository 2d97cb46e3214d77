#pragma once

#include "domain/result.hpp"
#include "operations/tenants/tenant_view.hpp"
#include "ports/tenant_items.hpp"

namespace estante::tenants {

struct GetTenant {
    TenantId tenant_id{};
};
BOOST_DESCRIBE_STRUCT(GetTenant, (), (tenant_id))

// A shop's settings and status. Errors: not_found.
Task<Result<TenantView>> get_tenant(const Caller& caller, const GetTenant& request, AllItems& all);

} // namespace estante::tenants

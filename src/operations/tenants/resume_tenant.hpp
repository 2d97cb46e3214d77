#pragma once

#include "domain/result.hpp"
#include "operations/tenants/tenant_view.hpp"
#include "ports/clock.hpp"
#include "ports/tenant_items.hpp"

namespace estante::tenants {

struct ResumeTenant {
    TenantId tenant_id{};
};
BOOST_DESCRIBE_STRUCT(ResumeTenant, (), (tenant_id))

// Reactivates a suspended shop. Sessions that have not expired are valid again. Errors: not_found.
Task<Result<TenantView>> resume_tenant(const Caller& caller, const ResumeTenant& request, AllItems& all, Clock& clock);

} // namespace estante::tenants

#include "gateway/routes/tables.hpp"
#include "operations/tenants/create_tenant.hpp"
#include "operations/tenants/get_tenant.hpp"
#include "operations/tenants/invite_manager.hpp"
#include "operations/tenants/list_tenants.hpp"
#include "operations/tenants/resume_tenant.hpp"
#include "operations/tenants/suspend_tenant.hpp"
#include "operations/tenants/update_tenant.hpp"

namespace estante::routes {

using namespace estante::tenants;
using enum Access;
using enum Method;

std::span<const Route> tenants()
{
    static constexpr Route table[] = {
        route<&create_tenant>("create_tenant", post, "/v1/tenants", operator_,
                              "Open a shop and invite its first manager",
                              {.idempotency_table = Table::users, .creates = true}),
        route<&list_tenants>("list_tenants", get, "/v1/tenants", operator_, "All shops"),
        route<&get_tenant>("get_tenant", get, "/v1/tenants/{tenant_id}", operator_, "One shop"),
        route<&update_tenant>("update_tenant", patch, "/v1/tenants/{tenant_id}", operator_, "Change a shop's settings"),
        route<&suspend_tenant>("suspend_tenant", post, "/v1/tenants/{tenant_id}/suspend", operator_, "Suspend a shop"),
        route<&resume_tenant>("resume_tenant", post, "/v1/tenants/{tenant_id}/resume", operator_,
                              "Resume a suspended shop"),
        route<&invite_manager>("invite_manager", post, "/v1/tenants/{tenant_id}/invitations", operator_,
                               "Invite another manager of a shop", {.creates = true}),
    };
    return table;
}

} // namespace estante::routes

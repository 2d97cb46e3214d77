#include "background/resume_deletions.hpp"

#include "operations/users/delete_user.hpp"
#include "processors/tenant_ids.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <stdexcept>

namespace estante {

Task<void> resume_deletions(AllItems items)
{
    const auto tenants = co_await read_tenant_ids(items);
    if (!tenants)
        throw std::runtime_error(fmt::format("cannot read the tenants: {}", tenants.error().detail));
    for (const TenantId& tenant : *tenants) {
        TenantItems tenant_items = items.of(tenant);
        if (const auto finished = co_await users::resume_deletions(tenant_items); !finished)
            spdlog::warn("cannot complete the deletions of users of {}: {}", tenant.value, finished.error().detail.en);
    }
}

} // namespace estante

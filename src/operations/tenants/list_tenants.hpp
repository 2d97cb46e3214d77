#pragma once

#include "domain/result.hpp"
#include "operations/tenants/tenant_view.hpp"
#include "ports/tenant_items.hpp"

namespace estante::tenants {

struct ListTenants {
    std::optional<PageToken> cursor{};
    PageLimit limit{};
};
BOOST_DESCRIBE_STRUCT(ListTenants, (), (cursor, limit))

// All shops in the order of their ids, including suspended ones.
Task<Result<ListOf<TenantView>>> list_tenants(const Caller& caller, const ListTenants& request, AllItems& all);

} // namespace estante::tenants

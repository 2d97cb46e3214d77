#include "operations/tenants/find_currency.hpp"

#include "operations/tenants/detail/load_tenant.hpp"

namespace estante::tenants {

Task<Result<Currency>> find_currency(TenantItems& items)
{
    auto tenant = co_await load_tenant(items);
    if (!tenant)
        co_return std::unexpected(tenant.error());
    co_return tenant->settings.currency;
}

} // namespace estante::tenants

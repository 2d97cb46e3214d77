#include "operations/shop/get_shop.hpp"

#include "operations/tenants/detail/load_tenant.hpp"

namespace estante::shop {

Task<Result<Shop>> get_shop(const Caller& caller, const GetShop&, TenantItems& items)
{
    if (!is_shop(caller.tenant))
        co_return tenants::no_such_tenant();
    const auto tenant = co_await tenants::load_open_tenant(items, tenants::Use::read);
    if (!tenant)
        co_return std::unexpected(tenant.error());
    co_return Shop{.tenant_id = tenant->id,
                   .name = tenant->settings.name,
                   .language = tenant->settings.language,
                   .currency = tenant->settings.currency,
                   .vat_rate = tenant->settings.vat_rate,
                   .delivery = tenant->settings.delivery,
                   .version = tenant->version};
}

} // namespace estante::shop

#include "operations/tenants/update_tenant.hpp"

#include "operations/detail/if_match.hpp"
#include "operations/tenants/detail/load_tenant.hpp"
#include "operations/tenants/detail/settings_rules.hpp"
#include "records/item_attributes.hpp"
#include "records/store_failure.hpp"
#include "records/tenants.hpp"

namespace estante::tenants {

namespace {

TenantSettings changed_settings(TenantSettings settings, const UpdateTenant& request)
{
    settings.name = request.name.value_or(settings.name);
    settings.language = request.language.value_or(settings.language);
    settings.currency = request.currency.value_or(settings.currency);
    settings.vat_rate = request.vat_rate.value_or(settings.vat_rate);
    settings.delivery = request.delivery.value_or(settings.delivery);
    return settings;
}

} // namespace

Task<Result<TenantView>> update_tenant(const Caller&, const UpdateTenant& request, AllItems& all, Clock& clock)
{
    if (!is_shop(request.tenant_id))
        co_return no_such_tenant();
    auto items = all.of(request.tenant_id);
    const auto tenant = co_await load_tenant(items);
    if (!tenant)
        co_return std::unexpected(tenant.error());
    if (tenant->status == TenantStatus::moving)
        co_return tenant_is_moving();
    if (auto current = check_version(request.if_match, tenant->version); !current)
        co_return std::unexpected(current.error());

    const auto settings = changed_settings(tenant->settings, request);
    if (auto allowed = check_delivery(settings.delivery); !allowed)
        co_return std::unexpected(allowed.error());
    if (settings == tenant->settings)
        co_return to_view(*tenant);

    Update update{.table = Table::users,
                  .key = tenant_key(),
                  .set = settings_attributes(settings),
                  .add = {{"version", 1}},
                  .conditions = {VersionIs{tenant->version}}};
    update.set.emplace_back("updated_at", time_value(clock.now_ms()));
    const auto stored = co_await items.update(std::move(update));
    if (stored)
        co_return to_view(tenant_from(*stored));
    if (is_condition_failed(stored.error()))
        co_return write_conflict(request.if_match);
    co_return store_failure(stored.error());
}

} // namespace estante::tenants

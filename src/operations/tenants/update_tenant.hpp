#pragma once

#include "domain/result.hpp"
#include "operations/tenants/tenant_view.hpp"
#include "ports/clock.hpp"
#include "ports/tenant_items.hpp"

namespace estante::tenants {

struct UpdateTenant {
    TenantId tenant_id{};
    std::optional<IfMatch> if_match{};
    std::optional<ShopName> name{};
    std::optional<LanguageCode> language{};
    std::optional<Currency> currency{}; // amounts are not converted
    std::optional<VatRate> vat_rate{};  // existing purchases keep their rate
    std::optional<DeliveryOptions> delivery{};
};
BOOST_DESCRIBE_STRUCT(UpdateTenant, (), (tenant_id, if_match, name, language, currency, vat_rate, delivery))

// Changes the settings that the request has and keeps the others; `delivery` is replaced as a whole. A request that
// changes nothing keeps the version. Errors: not_found, invalid (no way of delivery), version_mismatch, conflict.
Task<Result<TenantView>> update_tenant(const Caller& caller, const UpdateTenant& request, AllItems& all, Clock& clock);

} // namespace estante::tenants

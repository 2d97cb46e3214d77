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
    std::optional<Currency> currency{}; // amounts keep their numbers
    std::optional<VatRate> vat_rate{};  // purchases keep the rate that they were made with
    std::optional<DeliveryOptions> delivery{};
};
BOOST_DESCRIBE_STRUCT(UpdateTenant, (), (tenant_id, if_match, name, language, currency, vat_rate, delivery))

// Changes the settings that are named and keeps the others; `delivery` is replaced whole. What changes nothing keeps
// the version. Errors: not_found, invalid (no way of delivery), version_mismatch, conflict.
Task<Result<TenantView>> update_tenant(const Caller& caller, const UpdateTenant& request, AllItems& all, Clock& clock);

} // namespace estante::tenants

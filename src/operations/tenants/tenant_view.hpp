// A tenant as the API shows it to the platform's operators.
#pragma once

#include "codec/shapes.hpp"
#include "domain/tenant.hpp"

#include <boost/describe.hpp>

#include <cstdint>
#include <string>

namespace estante::tenants {

struct TenantView {
    TenantId tenant_id{};
    ShopName name{};
    LanguageCode language{};
    Currency currency{};
    VatRate vat_rate{};
    DeliveryOptions delivery{};
    TenantStatus status = TenantStatus::active;
    std::int64_t version = 1;
    Timestamp created_at{};
    Timestamp updated_at{};

    std::string etag() const { return std::to_string(version); }
    std::string location() const { return "/v1/tenants/" + tenant_id.value; }
    bool operator==(const TenantView&) const = default;
};
BOOST_DESCRIBE_STRUCT(TenantView, (),
                      (tenant_id, name, language, currency, vat_rate, delivery, status, version, created_at,
                       updated_at))

inline TenantView to_view(const Tenant& tenant)
{
    return {.tenant_id = tenant.id,
            .name = tenant.settings.name,
            .language = tenant.settings.language,
            .currency = tenant.settings.currency,
            .vat_rate = tenant.settings.vat_rate,
            .delivery = tenant.settings.delivery,
            .status = tenant.status,
            .version = tenant.version,
            .created_at = {tenant.created_ms},
            .updated_at = {tenant.updated_ms}};
}

} // namespace estante::tenants

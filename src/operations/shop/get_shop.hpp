#pragma once

#include "codec/shapes.hpp"
#include "domain/result.hpp"
#include "domain/tenant.hpp"
#include "ports/tenant_items.hpp"

#include <boost/describe.hpp>

namespace estante::shop {

struct GetShop {};
BOOST_DESCRIBE_STRUCT(GetShop, (), ())

struct Shop {
    TenantId tenant_id{};
    ShopName name{};
    LanguageCode language{};
    Currency currency{};
    VatRate vat_rate{};
    DeliveryOptions delivery{};
    std::int64_t version = 1;

    std::string etag() const { return std::to_string(version); }
    bool operator==(const Shop&) const = default;
};
BOOST_DESCRIBE_STRUCT(Shop, (), (tenant_id, name, language, currency, vat_rate, delivery, version))

// The public settings of a shop. Errors: not_found, forbidden (suspended).
Task<Result<Shop>> get_shop(const Caller& caller, const GetShop& request, TenantItems& items);

} // namespace estante::shop

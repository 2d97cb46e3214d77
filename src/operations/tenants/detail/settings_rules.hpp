// What the settings of a shop must satisfy beyond the limits of each.
#pragma once

#include "domain/result.hpp"
#include "domain/tenant.hpp"

namespace estante::tenants {

// Errors: invalid, when a purchase could reach its buyer in no way at all.
inline Result<void> check_delivery(const DeliveryOptions& delivery)
{
    if (delivery.any())
        return {};
    return invalid("/delivery", "out_of_range", "Una tienda entrega al menos de una forma: collect o ship.",
                   "A shop delivers in at least one way: collect or ship.");
}

} // namespace estante::tenants

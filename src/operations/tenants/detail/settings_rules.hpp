// Rules for the settings of a shop that concern several of them.
#pragma once

#include "domain/result.hpp"
#include "domain/tenant.hpp"

namespace estante::tenants {

// Errors: invalid, if the shop offers no way of delivery.
inline Result<void> check_delivery(const DeliveryOptions& delivery)
{
    if (delivery.any())
        return {};
    return invalid("/delivery", "out_of_range",
                   "Una tienda necesita al menos una forma de entrega: ponga «collect» o «ship» en true.",
                   "A shop needs at least one way of delivery: set “collect” or “ship” to true.");
}

} // namespace estante::tenants

// The route tables, one for each service. all_routes() joins them.
#pragma once

#include "gateway/route.hpp"

#include <span>

namespace estante::routes {

std::span<const Route> users();
std::span<const Route> shop();
std::span<const Route> books();
std::span<const Route> imports();
std::span<const Route> cart();
std::span<const Route> purchases();
std::span<const Route> analytics();
std::span<const Route> tenants();

} // namespace estante::routes

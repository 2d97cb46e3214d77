#include "gateway/routes/tables.hpp"

#include <vector>

namespace estante {

std::span<const Route> all_routes()
{
    struct ServiceTable {
        std::string_view service; // the tag of the OpenAPI document
        std::span<const Route> routes;
    };
    static const std::vector<Route> all = [] {
        std::vector<Route> joined;
        for (const auto& [service, routes] : {ServiceTable{"users", routes::users()},
                                              {"shop", routes::shop()},
                                              {"books", routes::books()},
                                              {"imports", routes::imports()},
                                              {"cart", routes::cart()},
                                              {"purchases", routes::purchases()},
                                              {"analytics", routes::analytics()},
                                              {"tenants", routes::tenants()}}) {
            for (Route route : routes) {
                route.service = service;
                joined.push_back(route);
            }
        }
        return joined;
    }();
    return all;
}

} // namespace estante

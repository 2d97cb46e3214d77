#include "gateway/routes/tables.hpp"

#include <vector>

namespace estante {

std::span<const Route> all_routes()
{
    static const std::vector<Route> all = [] {
        std::vector<Route> joined;
        for (const auto table : {routes::users(), routes::shop(), routes::books(), routes::imports(), routes::cart(),
                                 routes::purchases(), routes::analytics(), routes::tenants()})
            joined.insert(joined.end(), table.begin(), table.end());
        return joined;
    }();
    return all;
}

} // namespace estante

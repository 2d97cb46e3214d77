// The capacity units that DynamoDB charged, by operation and tenant.
#pragma once

#include "domain/value.hpp"

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace estante::dynamodb {

class ConsumedCapacity {
public:
    using UnitsByOperation = std::map<std::pair<std::string, std::string>, double>; // (operation, tenant) → units

    // Any thread. Adds ConsumedCapacity of a response, which is one table's or a list. Beyond 100,000 entries, new
    // tenants are counted together as "…".
    void add(std::string_view operation, std::string_view tenant, const Map& response);
    UnitsByOperation units() const;

private:
    mutable std::mutex mutex_;
    UnitsByOperation units_;
};

} // namespace estante::dynamodb

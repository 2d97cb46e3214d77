// What the calls have cost in DynamoDB's capacity units, by operation and tenant.
#pragma once

#include "domain/value.hpp"

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace estante::dynamodb {

class Capacity {
public:
    using ByOperation = std::map<std::pair<std::string, std::string>, double>; // (operation, tenant) → units

    // `answer` is one of DynamoDB's with ConsumedCapacity in it, for one table or a list. Tenants beyond the first
    // 10,000 are counted together as "…".
    void count(std::string_view operation, std::string_view tenant, const Map& answer);
    ByOperation used() const; // any thread

private:
    mutable std::mutex mutex_;
    ByOperation used_;
};

} // namespace estante::dynamodb

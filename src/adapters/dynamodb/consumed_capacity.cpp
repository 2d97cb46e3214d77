#include "adapters/dynamodb/consumed_capacity.hpp"

namespace estante::dynamodb {

namespace {

constexpr std::size_t max_entries = 100'000; // ten operations for 10,000 tenants

double units_of(const Value& consumed)
{
    if (const Map* table = consumed.if_map()) {
        const Value* units = find(*table, "CapacityUnits");
        return units && units->if_number() ? units->if_number()->to_double() : 0;
    }
    double sum = 0;
    if (const List* tables = consumed.if_list()) {
        for (const Value& table : *tables)
            sum += units_of(table);
    }
    return sum;
}

} // namespace

void ConsumedCapacity::add(std::string_view operation, std::string_view tenant, const Map& response)
{
    const Value* consumed = find(response, "ConsumedCapacity");
    const double units = consumed ? units_of(*consumed) : 0;
    if (units == 0)
        return;
    const std::lock_guard lock(mutex_);
    std::pair key{std::string(operation), std::string(tenant)};
    if (units_.size() >= max_entries && !units_.contains(key))
        key.second = "…";
    units_[std::move(key)] += units;
}

ConsumedCapacity::UnitsByOperation ConsumedCapacity::units() const
{
    const std::lock_guard lock(mutex_);
    return units_;
}

} // namespace estante::dynamodb

#include "adapters/dynamodb/capacity.hpp"

namespace estante::dynamodb {

namespace {

constexpr std::size_t max_entries = 100'000; // ten operations of 10,000 tenants

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

void Capacity::count(std::string_view operation, std::string_view tenant, const Map& answer)
{
    const Value* consumed = find(answer, "ConsumedCapacity");
    const double units = consumed ? units_of(*consumed) : 0;
    if (units == 0)
        return;
    const std::lock_guard lock(mutex_);
    std::pair key{std::string(operation), std::string(tenant)};
    if (used_.size() >= max_entries && !used_.contains(key))
        key.second = "…";
    used_[std::move(key)] += units;
}

Capacity::ByOperation Capacity::used() const
{
    const std::lock_guard lock(mutex_);
    return used_;
}

} // namespace estante::dynamodb

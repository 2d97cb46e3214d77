// Business events of a shop that are counted, under the metric names of CloudWatch.
#pragma once

#include "domain/ids.hpp"

#include <cstdint>
#include <string_view>

namespace estante {

enum class BusinessCounter : std::uint8_t { new_user_registrations, book_purchases, search_queries };
inline constexpr BusinessCounter all_business_counters[] = {
    BusinessCounter::new_user_registrations, BusinessCounter::book_purchases, BusinessCounter::search_queries};

constexpr std::string_view name_of(BusinessCounter counter)
{
    switch (counter) {
    case BusinessCounter::new_user_registrations:
        return "NewUserRegistrations";
    case BusinessCounter::book_purchases:
        return "BookPurchases";
    case BusinessCounter::search_queries:
        return "SearchQueries";
    }
    return "";
}

// The number of events of one kind in a shop within one minute.
struct BusinessCount {
    TenantId tenant;
    BusinessCounter counter = BusinessCounter::search_queries;
    std::int64_t minute_ms = 0; // the minute's first millisecond, UTC
    std::uint64_t count = 0;

    auto operator<=>(const BusinessCount&) const = default;
};

// Counts business events when they happen. Searches are counted by their operation, because they change no item;
// purchases and registrations by a processor of the change stream. Counts are in memory, so those that are not
// published yet are lost if the process is killed. Any thread; never blocks.
class BusinessCounters {
public:
    virtual ~BusinessCounters() = default;

    virtual void add(const TenantId& tenant, BusinessCounter counter) = 0; // one event, now
    virtual void add_at(const TenantId& tenant, BusinessCounter counter,
                        std::int64_t at_ms) = 0; // one event at that time
};

} // namespace estante

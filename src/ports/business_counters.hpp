// What is counted of a shop's business beside its purchases' figures, under the names that CloudWatch's graphs have.
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

// How often something happened in a shop within one minute.
struct BusinessCount {
    TenantId tenant;
    BusinessCounter counter = BusinessCounter::search_queries;
    std::int64_t minute_ms = 0; // the minute's first millisecond, UTC
    std::uint64_t count = 0;

    auto operator<=>(const BusinessCount&) const = default;
};

// Where business is counted as it happens: searches by their operation, because no change of an item tells of them,
// what a processor has counted by that. Nothing is kept here: what is on its way when the process is killed is lost.
// Any thread; it returns at once.
class BusinessCounters {
public:
    virtual ~BusinessCounters() = default;

    virtual void add(const TenantId& tenant, BusinessCounter counter) = 0;                        // one, now
    virtual void add_at(const TenantId& tenant, BusinessCounter counter, std::int64_t at_ms) = 0; // one, then
};

} // namespace estante

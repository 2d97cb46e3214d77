// The running figures of one day in a shop: read once from the table, then kept with the events of the feed.
#pragma once

#include "domain/calendar.hpp"
#include "ports/analytics.hpp"
#include "ports/live_sales.hpp"
#include "ports/tenant_items.hpp"

#include <cstdint>
#include <set>
#include <string>

namespace estante::analytics {

class DayTally {
public:
    // Reads the day anew: all its purchases, so its cost grows with them. Errors: those of the store.
    Task<Result<void>> read(TenantItems& items, Day day, std::int64_t now_ms);

    // Takes in an event of a watch that began before `read`, once; what `read` had seen already changes nothing.
    void add(const LiveEvent& event);

    Day day() const { return day_; }
    const Sales& sales() const { return sales_; }

private:
    Day day_{};
    Sales sales_{};
    std::int64_t settled_ms_ = 0;       // what was created before was seen by `read`
    std::set<std::string> seen_{};      // ids of purchases since then that `read` counted
    std::set<std::string> cancelled_{}; // that it found so

    void count(const Purchase& purchase, int sign);
};

} // namespace estante::analytics

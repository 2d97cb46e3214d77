// The sales of one day in a shop so far: read once from the table, then updated by events.
#pragma once

#include "domain/calendar.hpp"
#include "ports/analytics.hpp"
#include "ports/live_sales_hub.hpp"
#include "ports/tenant_items.hpp"

#include <cstdint>
#include <set>
#include <string>

namespace estante::analytics {

class DayTally {
public:
    // Reads all purchases of the day, so the cost grows with them. Errors: those of the store.
    Task<Result<void>> read(TenantItems& items, Day day, std::int64_t now_ms);

    // Adds an event of a watch that began before `read`, once for each event. An event that `read` already counted
    // changes nothing.
    void add(const LiveEvent& event);

    Day day() const { return day_; }
    const Sales& sales() const { return sales_; }

private:
    Day day_{};
    Sales sales_{};
    std::int64_t settled_ms_ = 0;       // `read` saw all that was created before
    std::set<std::string> seen_{};      // ids of newer purchases that `read` counted
    std::set<std::string> cancelled_{}; // ids of purchases that `read` found cancelled

    void count(const Purchase& purchase, int sign);
};

} // namespace estante::analytics

// Days and spans of days, in UTC: what figures are asked for.
#pragma once

#include "domain/result.hpp"
#include "domain/text_format.hpp"

#include <boost/describe/enum.hpp>

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace estante {

using Day = std::chrono::sys_days;
using Month = std::chrono::year_month;

// From the first to the last day, both included.
struct Period {
    Day first{};
    Day last{};

    bool operator==(const Period&) const = default;
};

enum class Granularity { hour, day, month };
BOOST_DESCRIBE_ENUM(Granularity, hour, day, month)

inline constexpr int max_days = 3'660;      // of a period
inline constexpr int max_days_by_hour = 31; // of a period that is asked for by the hour

// A day as people and JSON write it: 2026-01-31.
struct CalendarDate {
    static constexpr TextFormat format{"un día del calendario, de 1970 a 2999, como 2026-01-31",
                                       "a day of the calendar, 1970 to 2999, as 2026-01-31"};
    static constexpr std::string_view pattern = "^[12][0-9]{3}-[01][0-9]-[0-3][0-9]$";
    std::string value;

    auto operator<=>(const CalendarDate&) const = default;
    static std::optional<CalendarDate> parse(std::string_view text);
    static CalendarDate of(Day day);
    Day day() const; // of one that went through `parse` or `of`
};

Day day_of(std::int64_t ms);
std::int64_t first_ms(Day day);
// Of a period, its first millisecond and the one after its last.
std::int64_t first_ms(const Period& period);
std::int64_t end_ms(const Period& period);

Month month_of(Day day);
Period days_in(Month month);

int days_of(const Period& period);
// As many days, right before.
Period before(const Period& period);

// The first day is not after the last, and there are at most `max_days`, or `max_days_by_hour`.
// Errors: invalid, at ?from, with the limit and what to do.
Result<void> check(const Period& period, Granularity granularity = Granularity::day);

// When the hour, day or month began in which this moment lies.
std::int64_t begin_of(std::int64_t ms, Granularity granularity);
// Of each hour, day or month that the period touches, when it begins (the first month perhaps before the period).
std::vector<std::int64_t> begins_of(const Period& period, Granularity granularity);

} // namespace estante

// Days, months and periods in UTC.
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

// From the first to the last day, both inclusive.
struct Period {
    Day first{};
    Day last{};

    bool operator==(const Period&) const = default;
};

enum class Granularity { hour, day, month };
BOOST_DESCRIBE_ENUM(Granularity, hour, day, month)

inline constexpr int max_days = 3'660;      // of the period of a report
inline constexpr int max_days_by_hour = 31; // of the period of a report by hour

// A day in ISO 8601, as in JSON: 2026-01-31.
struct CalendarDate {
    static constexpr TextFormat format{"un día del calendario, de 1970 a 2999, como 2026-01-31",
                                       "a day of the calendar, 1970 to 2999, as 2026-01-31"};
    static constexpr std::string_view pattern = "^[12][0-9]{3}-[01][0-9]-[0-3][0-9]$";
    std::string value;

    auto operator<=>(const CalendarDate&) const = default;
    static std::optional<CalendarDate> parse(std::string_view text);
    static CalendarDate of(Day day);
    Day day() const; // requires a value from `parse` or `of`
};

Day day_of(std::int64_t ms);
std::int64_t first_ms(Day day);
// The first millisecond of a period, and the one after its last.
std::int64_t first_ms(const Period& period);
std::int64_t end_ms(const Period& period);

Month month_of(Day day);
Period days_in(Month month);

int day_count(const Period& period);
// The period of the same length that ends the day before.
Period period_before(const Period& period);

// Checks that the first day is not after the last and that the period has at most max_days, or max_days_by_hour.
// Errors: invalid, at ?from.
Result<void> check(const Period& period, Granularity granularity = Granularity::day);

// The first millisecond of the hour, day or month that contains this time.
std::int64_t interval_begin(std::int64_t ms, Granularity granularity);
// The first milliseconds of the hours, days or months that overlap the period. The first month may begin before it.
std::vector<std::int64_t> interval_begins(const Period& period, Granularity granularity);

} // namespace estante

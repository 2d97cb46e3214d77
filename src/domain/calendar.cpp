#include "domain/calendar.hpp"

#include <fmt/format.h>

namespace estante {

namespace chrono = std::chrono;

namespace {

chrono::sys_time<chrono::milliseconds> to_sys_time(std::int64_t ms)
{
    return chrono::sys_time<chrono::milliseconds>(chrono::milliseconds(ms));
}

} // namespace

std::optional<CalendarDate> CalendarDate::parse(std::string_view text)
{
    if (text.size() != 10)
        return std::nullopt;
    int numbers[3] = {};
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 4 || i == 7;
        if (dash ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return std::nullopt;
        int& number = numbers[i < 4 ? 0 : i < 7 ? 1 : 2];
        number = dash ? number : number * 10 + (text[i] - '0');
    }
    const chrono::year_month_day date(chrono::year(numbers[0]), chrono::month(static_cast<unsigned>(numbers[1])),
                                      chrono::day(static_cast<unsigned>(numbers[2])));
    if (!date.ok() || numbers[0] < 1970 || numbers[0] > 2999)
        return std::nullopt;
    return CalendarDate{std::string(text)};
}

CalendarDate CalendarDate::of(Day day)
{
    const chrono::year_month_day date(day);
    return {fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                        static_cast<unsigned>(date.day()))};
}

Day CalendarDate::day() const
{
    const auto number = [this](std::size_t at, std::size_t count) { return std::stoi(value.substr(at, count)); };
    return chrono::year_month_day(chrono::year(number(0, 4)), chrono::month(static_cast<unsigned>(number(5, 2))),
                                  chrono::day(static_cast<unsigned>(number(8, 2))));
}

Day day_of(std::int64_t ms)
{
    return chrono::floor<chrono::days>(to_sys_time(ms));
}

std::int64_t first_ms(Day day)
{
    return chrono::duration_cast<chrono::milliseconds>(day.time_since_epoch()).count();
}

std::int64_t first_ms(const Period& period)
{
    return first_ms(period.first);
}

std::int64_t end_ms(const Period& period)
{
    return first_ms(period.last + chrono::days(1));
}

Month month_of(Day day)
{
    const chrono::year_month_day date(day);
    return date.year() / date.month();
}

Period days_in(Month month)
{
    return {.first = month / 1, .last = month / chrono::last};
}

int day_count(const Period& period)
{
    return static_cast<int>((period.last - period.first).count()) + 1;
}

Period period_before(const Period& period)
{
    return {.first = period.first - chrono::days(day_count(period)), .last = period.first - chrono::days(1)};
}

Result<void> check(const Period& period, Granularity granularity)
{
    if (period.first > period.last)
        return invalid("?from", "out_of_range",
                       fmt::format("es posterior al último día, {0}: indique un día hasta {0}, o un «to» posterior",
                                   CalendarDate::of(period.last).value),
                       fmt::format("is after the last day, {0}: set a day up to {0}, or a later “to”",
                                   CalendarDate::of(period.last).value));
    const bool by_hour = granularity == Granularity::hour;
    const int limit = by_hour ? max_days_by_hour : max_days;
    if (const int days = day_count(period); days > limit) {
        const auto first_allowed = CalendarDate::of(period.last - chrono::days(limit - 1)).value;
        return invalid("?from", "out_of_range",
                       fmt::format("el periodo tiene {} días y el límite {}es de {}: indique {} o un día posterior{}",
                                   days, by_hour ? "por horas " : "", limit, first_allowed,
                                   by_hour ? ", o use by=day" : ""),
                       fmt::format("the period has {} days and the limit {}is {}: set {} or a later day{}", days,
                                   by_hour ? "by hour " : "", limit, first_allowed, by_hour ? ", or use by=day" : ""));
    }
    return {};
}

std::int64_t interval_begin(std::int64_t ms, Granularity granularity)
{
    const Day day = day_of(ms);
    switch (granularity) {
    case Granularity::hour:
        return chrono::floor<chrono::hours>(to_sys_time(ms)).time_since_epoch() / chrono::milliseconds(1);
    case Granularity::day:
        break;
    case Granularity::month:
        return first_ms(days_in(month_of(day)));
    }
    return first_ms(day);
}

std::vector<std::int64_t> interval_begins(const Period& period, Granularity granularity)
{
    constexpr std::int64_t hour_ms = 3'600'000;
    const std::int64_t step = granularity == Granularity::hour ? hour_ms : 24 * hour_ms;
    std::vector<std::int64_t> begins;
    for (std::int64_t ms = first_ms(period); ms < end_ms(period); ms += step) {
        const auto begin = interval_begin(ms, granularity);
        if (begins.empty() || begins.back() != begin)
            begins.push_back(begin);
    }
    return begins;
}

} // namespace estante

#include "codec/timestamp.hpp"

#include <fmt/format.h>

#include <chrono>

namespace estante {

namespace chrono = std::chrono;

std::string to_string(Timestamp time)
{
    const chrono::sys_time<chrono::milliseconds> at{chrono::milliseconds(time.ms)};
    const auto day = chrono::floor<chrono::days>(at);
    const chrono::year_month_day date(day);
    const chrono::hh_mm_ss clock(at - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

namespace {

// Consumes `count` digits at the front of the text.
std::optional<int> digits(std::string_view& text, std::size_t count)
{
    if (text.size() < count)
        return std::nullopt;
    int value = 0;
    for (const char c : text.substr(0, count)) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool consume(std::string_view& text, std::string_view any_of)
{
    if (text.empty() || !any_of.contains(text[0]))
        return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::int64_t> fraction_ms(std::string_view& text)
{
    if (!consume(text, "."))
        return 0;
    std::int64_t ms = 0;
    int count = 0;
    for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1), ++count) {
        if (count < 3)
            ms = ms * 10 + (text[0] - '0');
    }
    if (count == 0)
        return std::nullopt;
    for (; count < 3; ++count)
        ms *= 10;
    return ms;
}

std::optional<std::int64_t> offset_minutes(std::string_view& text)
{
    if (consume(text, "Zz"))
        return 0;
    const bool behind = text.starts_with('-');
    if (!consume(text, "+-"))
        return std::nullopt;
    const auto hours = digits(text, 2);
    if (!hours || !consume(text, ":"))
        return std::nullopt;
    const auto minutes = digits(text, 2);
    if (!minutes || *hours > 23 || *minutes > 59)
        return std::nullopt;
    return (behind ? -1 : 1) * (*hours * 60 + *minutes);
}

} // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text)
{
    const auto year = digits(text, 4);
    if (!year || !consume(text, "-"))
        return std::nullopt;
    const auto month = digits(text, 2);
    if (!month || !consume(text, "-"))
        return std::nullopt;
    const auto day = digits(text, 2);
    if (!day)
        return std::nullopt;
    const chrono::year_month_day date{chrono::year(*year), chrono::month(static_cast<unsigned>(*month)),
                                      chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok())
        return std::nullopt;
    const chrono::sys_time<chrono::milliseconds> midnight = chrono::sys_days(date);
    const auto midnight_ms = midnight.time_since_epoch().count();
    if (text.empty())
        return Timestamp{midnight_ms};
    if (!consume(text, "Tt "))
        return std::nullopt;
    const auto hour = digits(text, 2);
    if (!hour || !consume(text, ":"))
        return std::nullopt;
    const auto minute = digits(text, 2);
    if (!minute || !consume(text, ":"))
        return std::nullopt;
    const auto second = digits(text, 2);
    if (!second || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    const auto ms = fraction_ms(text);
    const auto offset = ms ? offset_minutes(text) : std::nullopt;
    if (!offset || !text.empty())
        return std::nullopt;
    return Timestamp{midnight_ms + ((*hour * 60LL + *minute - *offset) * 60 + *second) * 1000 + *ms};
}

} // namespace estante

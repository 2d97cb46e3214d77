#include "codec/timestamp.hpp"
#include "hosts/cli/command_options.hpp"
#include "processors/lake/close_day.hpp"
#include "processors/lake/closed_days.hpp"
#include "processors/lake/lake_status.hpp"
#include "processors/lake/monthly_rollup.hpp"

#include <fmt/format.h>

#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace estante::commands {

namespace {

std::string format_count(std::uint64_t count, std::string_view noun)
{
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string format_seconds(std::int64_t ms)
{
    return to_string(Timestamp{ms / 1000 * 1000});
}

// Returns false when an object is damaged or missing.
bool print_state(const TenantId& shop, const LakeStatus& state, Output& output)
{
    output.line(fmt::format("{}: {} closed{}, {} rolled up, {} open, catalogue exported {}", shop.value,
                            format_count(state.closed_days, "day"),
                            state.last_closed ? ", the last " + CalendarDate::of(*state.last_closed).value : "",
                            format_count(state.rolled_up_months, "month"), format_count(state.open.size(), "day"),
                            state.books_exported_ms ? format_seconds(*state.books_exported_ms) : "never"));
    bool ok = state.missing.empty();
    for (const OpenDay& day : state.open) {
        output.line(fmt::format("  {}: {}, {} bytes, not in Parquet yet; {}", CalendarDate::of(day.day).value,
                                format_count(day.purchases, "purchase"), day.bytes,
                                !day.damaged.empty() ? "cannot be closed"
                                : day.due            ? "can be closed"
                                                     : "not due"));
        for (const auto& [key, reason] : day.damaged)
            output.error(fmt::format("{} is damaged: {}", key, reason));
        ok = ok && day.damaged.empty();
    }
    for (const auto& key : state.missing)
        output.error(fmt::format("{} is missing: its day is read from the JSON", key));
    return ok;
}

// The day of --day, if it has ended; else prints an error and returns nothing.
std::optional<Day> parse_ended_day(const std::string& text, std::int64_t now_ms, Output& output)
{
    const auto date = CalendarDate::parse(text);
    if (!date) {
        output.error(fmt::format("estante: day must be {}, is '{}'", CalendarDate::format.en, text));
        return std::nullopt;
    }
    const auto end_ms = first_ms(date->day() + std::chrono::days(1));
    if (end_ms <= now_ms)
        return date->day();
    output.error(fmt::format("estante: {} has not ended: days are UTC, and this one can be closed from {} on", text,
                             format_seconds(end_ms)));
    return std::nullopt;
}

// Closes the days of a shop, rolls up its months and prints the outcome of each.
class LakeCloser {
public:
    LakeCloser(Bookstore& store, TenantId shop, Output& output)
        : store_(store), shop_(std::move(shop)), output_(output), now_ms_(store.ports().get<Clock>().now_ms())
    {
    }

    // Returns false when a day or month failed.
    bool run(std::optional<Day> only_day)
    {
        std::vector<Day> days;
        if (only_day)
            days.push_back(*only_day);
        else if (!take_value(
                     store_.run(days_to_close(store_.lake(), shop_, now_ms_, std::numeric_limits<std::size_t>::max())),
                     days))
            return false;
        bool ok = true;
        for (const Day day : days) {
            if (output_.is_cancelled())
                return false;
            ok = close(day) && ok;
        }
        std::vector<Month> months;
        if (!take_value(store_.run(months_to_roll_up(store_.lake(), shop_, now_ms_)), months))
            return false;
        for (const Month month : months) {
            if (output_.is_cancelled())
                return false;
            ok = roll_up(month) && ok;
        }
        if (days.empty() && months.empty())
            output_.line(fmt::format("{}: nothing to close", shop_.value));
        return ok;
    }

private:
    Bookstore& store_;
    const TenantId shop_;
    Output& output_;
    const std::int64_t now_ms_;

    template <class T> bool take_value(Result<T> result, T& value)
    {
        if (result)
            value = std::move(*result);
        else
            output_.error(fmt::format("estante: {}: {}", shop_.value, result.error().detail.en));
        return result.has_value();
    }

    std::string attempt_name() { return to_string(store_.ports().get<IdGenerator>().next()); }

    bool close(Day day)
    {
        const auto date = CalendarDate::of(day).value;
        const auto closed = store_.run(closed_days(store_.lake(), shop_));
        const bool was_closed = closed && closed->days.contains(day);
        const auto closing = store_.run(close_day(store_.lake(), store_.lake_tables(), shop_, day, attempt_name(),
                                                  store_.ports().get<Clock>(), store_.folder().analytics()));
        if (!closing) {
            output_.error(fmt::format("estante: {} {} stays open: {}", shop_.value, date, closing.error().detail.en));
            return false;
        }
        constexpr const char* outcomes[] = {"closed", "nothing was sold", "another process is closing it",
                                            "stays open: a purchase was written concurrently"};
        output_.line(fmt::format("{} {}: {}", shop_.value, date,
                                 was_closed ? "is already closed" : outcomes[static_cast<std::size_t>(*closing)]));
        return *closing != CloseResult::changed;
    }

    bool roll_up(Month month)
    {
        const auto text = CalendarDate::of(days_in(month).first).value.substr(0, 7);
        const auto summing = store_.run(roll_up_month(store_.lake(), store_.lake_tables(), shop_, month, attempt_name(),
                                                      now_ms_, store_.folder().analytics()));
        if (!summing) {
            output_.error(
                fmt::format("estante: {} {}: the rollup failed: {}", shop_.value, text, summing.error().detail.en));
            return false;
        }
        constexpr const char* outcomes[] = {"rolled up", "another process is rolling it up",
                                            "not rolled up: a day changed concurrently"};
        output_.line(fmt::format("{} {}: {}", shop_.value, text, outcomes[static_cast<std::size_t>(*summing)]));
        return *summing != RollupResult::changed;
    }
};

} // namespace

int show_lake(Bookstore& store, const Options& options, Output& output)
{
    const auto shops = selected_tenants(store, options, output);
    if (!shops)
        return 1;
    bool ok = true;
    for (const TenantId& shop : *shops) {
        const auto state =
            store.run(read_lake_status(store.lake(), store.lake_tables(), shop, store.ports().get<Clock>().now_ms()));
        if (state) {
            ok = print_state(shop, *state, output) && ok;
            continue;
        }
        output.error(fmt::format("estante: {}: {}", shop.value, state.error().detail.en));
        ok = false;
    }
    return ok ? 0 : 1;
}

int close_lake_days(Bookstore& store, const Options& options, Output& output)
{
    std::optional<Day> day;
    if (options.contains("day")) {
        day = parse_ended_day(option(options, "day"), store.ports().get<Clock>().now_ms(), output);
        if (!day)
            return 1;
    }
    const auto shops = selected_tenants(store, options, output);
    if (!shops)
        return 1;
    bool ok = true;
    for (const TenantId& shop : *shops)
        ok = LakeCloser(store, shop, output).run(day) && ok;
    return ok ? 0 : 1;
}

} // namespace estante::commands

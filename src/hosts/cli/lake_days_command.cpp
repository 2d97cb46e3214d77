#include "codec/timestamp.hpp"
#include "hosts/cli/command_tools.hpp"
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

// That of --tenant, or all; nothing, and an error line, for one that is not there.
std::optional<std::vector<TenantId>> chosen_shops(Bookstore& store, const Options& options, Output& output)
{
    if (!options.contains("tenant_id"))
        return store.run(store.tenants());
    auto shop = tenant_from(store, options, output);
    return shop ? std::optional(std::vector{std::move(*shop)}) : std::nullopt;
}

std::string counted(std::uint64_t count, std::string_view what)
{
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string moment(std::int64_t ms)
{
    return to_string(Timestamp{ms / 1000 * 1000});
}

// False: something is damaged or missing.
bool print_state(const TenantId& shop, const LakeStatus& state, Output& output)
{
    output.line(fmt::format("{}: {} closed{}, {} summed, {} open, catalogue exported {}", shop.value,
                            counted(state.closed_days, "day"),
                            state.last_closed ? ", the last " + CalendarDate::of(*state.last_closed).value : "",
                            counted(state.rolled_up_months, "month"), counted(state.open.size(), "day"),
                            state.books_exported_ms ? moment(*state.books_exported_ms) : "never"));
    bool good = state.missing.empty();
    for (const OpenDay& day : state.open) {
        output.line(fmt::format("  {}: {}, {} bytes, not in Parquet yet; {}", CalendarDate::of(day.day).value,
                                counted(day.purchases, "purchase"), day.bytes,
                                !day.damaged.empty() ? "cannot be closed"
                                : day.due            ? "can be closed"
                                                     : "not due"));
        for (const auto& [key, why] : day.damaged)
            output.error(fmt::format("{} is damaged: {}", key, why));
        good = good && day.damaged.empty();
    }
    for (const auto& key : state.missing)
        output.error(fmt::format("{} is missing: its day is read from the JSON", key));
    return good;
}

// The asked day, if it is over; nothing, and an error line, otherwise.
std::optional<Day> asked_day(const std::string& text, std::int64_t now_ms, Output& output)
{
    const auto date = CalendarDate::parse(text);
    if (!date) {
        output.error(fmt::format("estante: day must be {}, is '{}'", CalendarDate::format.en, text));
        return std::nullopt;
    }
    const auto end_ms = first_ms(date->day() + std::chrono::days(1));
    if (end_ms <= now_ms)
        return date->day();
    output.error(fmt::format("estante: {} is not over: days are UTC, and this one can be closed from {} on", text,
                             moment(end_ms)));
    return std::nullopt;
}

// Closes a shop's days and sums its months, and says so.
class ClosingRun {
public:
    ClosingRun(Bookstore& store, TenantId shop, Output& output)
        : store_(store), shop_(std::move(shop)), output_(output), now_ms_(store.ports().get<Clock>().now_ms())
    {
    }

    // False: something failed.
    bool run(std::optional<Day> asked)
    {
        std::vector<Day> days;
        if (asked)
            days.push_back(*asked);
        else if (!take(
                     store_.run(days_to_close(store_.lake(), shop_, now_ms_, std::numeric_limits<std::size_t>::max())),
                     days))
            return false;
        bool good = true;
        for (const Day day : days) {
            if (output_.gone())
                return false;
            good = close(day) && good;
        }
        std::vector<Month> months;
        if (!take(store_.run(months_to_roll_up(store_.lake(), shop_, now_ms_)), months))
            return false;
        for (const Month month : months) {
            if (output_.gone())
                return false;
            good = sum(month) && good;
        }
        if (days.empty() && months.empty())
            output_.line(fmt::format("{}: nothing to close", shop_.value));
        return good;
    }

private:
    Bookstore& store_;
    const TenantId shop_;
    Output& output_;
    const std::int64_t now_ms_;

    template <class T> bool take(Result<T> answer, T& into)
    {
        if (answer)
            into = std::move(*answer);
        else
            output_.error(fmt::format("estante: {}: {}", shop_.value, answer.error().detail.en));
        return answer.has_value();
    }

    std::string name() { return to_string(store_.ports().get<Ids>().next()); }

    bool close(Day day)
    {
        const auto date = CalendarDate::of(day).value;
        const auto list = store_.run(closed_days(store_.lake(), shop_));
        const bool before = list && list->days.contains(day);
        const auto closing = store_.run(close_day(store_.lake(), store_.lake_tables(), shop_, day, name(),
                                                  store_.ports().get<Clock>(), store_.folder().analytics()));
        if (!closing) {
            output_.error(fmt::format("estante: {} {} stays open: {}", shop_.value, date, closing.error().detail.en));
            return false;
        }
        constexpr const char* outcomes[] = {"closed", "nothing was sold", "another is closing it",
                                            "stays open: a purchase was written meanwhile"};
        output_.line(fmt::format("{} {}: {}", shop_.value, date,
                                 before ? "was closed already" : outcomes[static_cast<std::size_t>(*closing)]));
        return *closing != Closing::changed;
    }

    bool sum(Month month)
    {
        const auto text = CalendarDate::of(days_in(month).first).value.substr(0, 7);
        const auto summing = store_.run(roll_up_month(store_.lake(), store_.lake_tables(), shop_, month, name(),
                                                      now_ms_, store_.folder().analytics()));
        if (!summing) {
            output_.error(fmt::format("estante: {} {} has no sums: {}", shop_.value, text, summing.error().detail.en));
            return false;
        }
        constexpr const char* outcomes[] = {"summed", "another is summing it", "not summed: a day changed meanwhile"};
        output_.line(fmt::format("{} {}: {}", shop_.value, text, outcomes[static_cast<std::size_t>(*summing)]));
        return *summing != Summing::changed;
    }
};

} // namespace

int show_lake(Bookstore& store, const Options& options, Output& output)
{
    const auto shops = chosen_shops(store, options, output);
    if (!shops)
        return 1;
    bool good = true;
    for (const TenantId& shop : *shops) {
        const auto state =
            store.run(read_lake_status(store.lake(), store.lake_tables(), shop, store.ports().get<Clock>().now_ms()));
        if (state) {
            good = print_state(shop, *state, output) && good;
            continue;
        }
        output.error(fmt::format("estante: {}: {}", shop.value, state.error().detail.en));
        good = false;
    }
    return good ? 0 : 1;
}

int close_lake_days(Bookstore& store, const Options& options, Output& output)
{
    std::optional<Day> day;
    if (options.contains("day")) {
        day = asked_day(option(options, "day"), store.ports().get<Clock>().now_ms(), output);
        if (!day)
            return 1;
    }
    const auto shops = chosen_shops(store, options, output);
    if (!shops)
        return 1;
    bool good = true;
    for (const TenantId& shop : *shops)
        good = ClosingRun(store, shop, output).run(day) && good;
    return good ? 0 : 1;
}

} // namespace estante::commands

#include "codec/lake_layout.hpp"

#include "codec/json.hpp"

#include <fmt/format.h>

namespace estante::lake_layout {

namespace {

namespace chrono = std::chrono;

std::string partition(Day day)
{
    const chrono::year_month_day date(day);
    return fmt::format("year={:04}/month={:02}/day={:02}/", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::optional<Day> day_from(const Value& value)
{
    const auto* text = value.if_string();
    const auto date = text ? CalendarDate::parse(*text) : std::nullopt;
    return date ? std::optional(date->day()) : std::nullopt;
}

std::optional<ClosedDays::Closing> closing_from(const Value& value)
{
    const Map* map = value.if_map();
    const Value* named = map ? find(*map, "day") : nullptr;
    const auto day = named ? day_from(*named) : std::nullopt;
    if (!day)
        return std::nullopt;
    const Value* broken = find(*map, "broken");
    return ClosedDays::Closing{.day = *day,
                               .by = std::string(text_of(*map, "by")),
                               .until_ms = int_of(*map, "until_ms"),
                               .broken = broken && broken->if_bool() && *broken->if_bool()};
}

} // namespace

std::string purchases_prefix(const TenantId& tenant)
{
    return tenant.value + "/purchases/";
}

std::string purchases_prefix(const TenantId& tenant, Day day)
{
    return purchases_prefix(tenant) + partition(day);
}

std::string parquet_key(const TenantId& tenant, Day day)
{
    return tenant.value + "/purchases_parquet/" + partition(day) + "purchases.parquet";
}

std::string by_book_key(const TenantId& tenant, Day day)
{
    return tenant.value + "/purchases_by_book/" + partition(day) + "books.parquet";
}

std::string closed_days_key(const TenantId& tenant)
{
    return tenant.value + "/closed_days.json";
}

std::string books_key(const TenantId& tenant)
{
    return tenant.value + "/books/books.parquet";
}

std::optional<PurchaseObject> purchase_object(const TenantId& tenant, std::string_view key)
{
    constexpr std::string_view model = "year=2026/month=01/day=31/";
    constexpr std::string_view suffix = ".json.gz";
    const auto prefix = purchases_prefix(tenant);
    if (!key.starts_with(prefix) || !key.ends_with(suffix) || key.size() < prefix.size() + model.size() + suffix.size())
        return std::nullopt;
    const auto folder = key.substr(prefix.size(), model.size());
    const auto date =
        CalendarDate::parse(fmt::format("{}-{}-{}", folder.substr(5, 4), folder.substr(16, 2), folder.substr(23, 2)));
    if (!date || partition(date->day()) != folder)
        return std::nullopt;
    key.remove_prefix(prefix.size() + model.size());
    key.remove_suffix(suffix.size());
    return PurchaseObject{.day = date->day(), .purchase_id = std::string(key)};
}

std::string ClosedDays::text() const
{
    List list;
    for (const Day day : days)
        list.emplace_back(CalendarDate::of(day).value);
    Map document{{"days", std::move(list)}};
    List running;
    for (const Closing& entry : closing)
        running.emplace_back(Map{{"day", CalendarDate::of(entry.day).value},
                                 {"by", entry.by},
                                 {"until_ms", entry.until_ms},
                                 {"broken", entry.broken}});
    if (!running.empty())
        document.emplace("closing", std::move(running));
    return json::to_text(document);
}

std::optional<ClosedDays> ClosedDays::parse(std::string_view json)
{
    const auto value = json::parse(json);
    const Map* map = value ? value->if_map() : nullptr;
    const Value* list = map ? find(*map, "days") : nullptr;
    if (!list || !list->if_list())
        return std::nullopt;
    ClosedDays closed;
    for (const Value& entry : *list->if_list()) {
        const auto day = day_from(entry);
        if (!day)
            return std::nullopt;
        closed.days.insert(*day);
    }
    const Value* running = find(*map, "closing");
    if (running && !running->if_list())
        return std::nullopt;
    for (const Value& entry : running ? *running->if_list() : List{}) {
        auto closing = closing_from(entry);
        if (!closing)
            return std::nullopt;
        closed.closing.push_back(std::move(*closing));
    }
    return closed;
}

} // namespace estante::lake_layout

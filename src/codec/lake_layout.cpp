#include "codec/lake_layout.hpp"

#include "codec/json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante::lake_layout {

namespace {

namespace chrono = std::chrono;

std::string partition(Day day)
{
    const chrono::year_month_day date(day);
    return fmt::format("year={:04}/month={:02}/day={:02}/", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

// "2026-01-31" and "2026-01".
std::string to_text(Day day)
{
    return CalendarDate::of(day).value;
}

std::string to_text(Month month)
{
    return to_text(days_in(month).first).substr(0, std::string_view("2026-01").size());
}

bool read(const std::string& text, Day& day)
{
    const auto date = CalendarDate::parse(text);
    if (date)
        day = date->day();
    return date.has_value();
}

bool read(const std::string& text, Month& month)
{
    Day first;
    const bool read_first = read(text + "-01", first);
    month = month_of(first);
    return read_first;
}

// Calls `take` with the entries of a list that may be absent. False if the list or an entry is damaged.
template <class Take> bool take_each(const Map& map, std::string_view name, Take take)
{
    const Value* list = find(map, name);
    if (!list)
        return true;
    return list->if_list() && std::ranges::all_of(*list->if_list(), take);
}

// The map of an entry, and its day or month in `when`; nullptr if it is damaged.
template <class When> const Map* read_entry(const Value& entry, std::string_view name, When& when)
{
    const Map* map = entry.if_map();
    const Value* text = map ? find(*map, name) : nullptr;
    return text && text->if_string() && read(*text->if_string(), when) ? map : nullptr;
}

using Lease = ClosedDays::Lease;

template <class When>
bool read_leases(const Map& map, std::string_view list, std::string_view name, std::map<When, Lease>& leases)
{
    return take_each(map, list, [&](const Value& entry) {
        When when{};
        const Map* lease = read_entry(entry, name, when);
        if (!lease)
            return false;
        const Value* broken = find(*lease, "broken");
        leases[when] = {.by = std::string(text_of(*lease, "by")),
                        .until_ms = int_of(*lease, "until_ms"),
                        .broken = broken && broken->if_bool() && *broken->if_bool()};
        return true;
    });
}

template <class When>
void write_leases(Map& document, const char* list, const char* name, const std::map<When, Lease>& leases)
{
    List entries;
    for (const auto& [when, lease] : leases)
        entries.emplace_back(
            Map{{name, to_text(when)}, {"by", lease.by}, {"until_ms", lease.until_ms}, {"broken", lease.broken}});
    if (!entries.empty())
        document.emplace(list, std::move(entries));
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

std::string parquet_prefix(const TenantId& tenant)
{
    return tenant.value + "/purchases_parquet/";
}

std::string parquet_key(const TenantId& tenant, Day day)
{
    return parquet_prefix(tenant) + partition(day) + "purchases.parquet";
}

std::string by_book_key(const TenantId& tenant, Day day)
{
    return tenant.value + "/purchases_by_book/" + partition(day) + "books.parquet";
}

std::string by_month_prefix(const TenantId& tenant, Month month)
{
    const auto folder = partition(days_in(month).first);
    return tenant.value + "/purchases_by_month/" + folder.substr(0, folder.find("day="));
}

std::string by_month_key(const TenantId& tenant, Month month, std::string_view name)
{
    return fmt::format("{}{}.parquet", by_month_prefix(tenant, month), name);
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
        list.emplace_back(to_text(day));
    Map document{{"days", std::move(list)}};
    List summed;
    for (const auto& [month, file] : months)
        summed.emplace_back(Map{{"month", to_text(month)}, {"file", file}});
    if (!summed.empty())
        document.emplace("months", std::move(summed));
    write_leases(document, "closing", "day", closing);
    write_leases(document, "summing", "month", summing);
    return json::to_text(document);
}

std::optional<ClosedDays> ClosedDays::parse(std::string_view json)
{
    const auto value = json::parse(json);
    const Map* map = value ? value->if_map() : nullptr;
    ClosedDays closed;
    const auto take_day = [&](const Value& entry) {
        Day day;
        const bool good = entry.if_string() && read(*entry.if_string(), day);
        if (good)
            closed.days.insert(day);
        return good;
    };
    const auto take_month = [&](const Value& entry) {
        Month month;
        const Map* found = read_entry(entry, "month", month);
        if (found)
            closed.months[month] = text_of(*found, "file");
        return found != nullptr;
    };
    if (!map || !find(*map, "days") || !take_each(*map, "days", take_day) || !take_each(*map, "months", take_month) ||
        !read_leases(*map, "closing", "day", closed.closing) || !read_leases(*map, "summing", "month", closed.summing))
        return std::nullopt;
    return closed;
}

} // namespace estante::lake_layout

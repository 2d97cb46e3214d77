#include "records/summaries.hpp"

#include "records/item_attributes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante {

namespace {

constexpr std::string_view summary_partition = "SUMMARY";
constexpr std::string_view marker_prefix = "COUNTED#";

Map sold_map(const SoldItems& sold)
{
    return {{"items", sold.items}, {"revenue", Number::hundredths(sold.revenue_cents)}};
}

SoldItems sold_from(const Map& map)
{
    return {.items = int_at(map, "items"), .revenue_cents = hundredths_at(map, "revenue")};
}

Map sales_map(const DaySales& sales)
{
    Map map = sold_map(sales.sold);
    map.emplace("purchases", sales.purchases);
    return map;
}

DaySales sales_from(const Map& map)
{
    return {.purchases = int_at(map, "purchases"), .sold = sold_from(map)};
}

List categories_list(const std::map<std::string, SoldItems>& by_category)
{
    List list;
    for (const auto& [category, sold] : by_category) {
        Map map = sold_map(sold);
        map.emplace("category", category);
        list.emplace_back(std::move(map));
    }
    return list;
}

const Map& map_in(const Item& item, std::string_view name, const Value& value)
{
    const Map* map = value.if_map();
    if (!map)
        throw_damaged(item, name, "a list of maps");
    return *map;
}

std::map<std::string, SoldItems> categories_at(const Item& item)
{
    std::map<std::string, SoldItems> by_category;
    for (const Value& value : list_at(item, "by_category")) {
        const Map& map = map_in(item, "by_category", value);
        by_category.emplace(text_at(map, "category"), sold_from(map));
    }
    return by_category;
}

std::size_t hour_at(const Map& map)
{
    const auto hour = int_at(map, "hour");
    if (hour < 0 || hour > 23)
        throw_damaged(map, "hour", "0 to 23");
    return static_cast<std::size_t>(hour);
}

Key marker_key(const UserId& user, std::string_view subject, std::string_view event)
{
    return {user.value, fmt::format("{}{}#{}", marker_prefix, subject, event)};
}

} // namespace

bool is_daily_summary(Table table, const Key& key)
{
    const auto hash = std::min(key.pk.find('#'), key.pk.size() - 1);
    return table == Table::purchases && std::string_view(key.pk).substr(hash + 1) == summary_partition;
}

bool is_counted_marker(Table table, const Key& key)
{
    return table == Table::purchases && key.sk.starts_with(marker_prefix);
}

Key day_summary_key(Day day)
{
    return {std::string(summary_partition), CalendarDate::of(day).value};
}

Item to_item(const DaySummary& summary)
{
    List by_hour;
    for (std::size_t hour = 0; hour < summary.by_hour.size(); ++hour) {
        if (summary.by_hour.at(hour) == DaySales{})
            continue;
        Map map = sales_map(summary.by_hour.at(hour));
        map.emplace("hour", hour);
        by_hour.emplace_back(std::move(map));
    }
    Key key = day_summary_key(summary.day);
    Item item = sales_map(summary.total);
    item.emplace("pk", std::move(key.pk));
    item.emplace("sk", std::move(key.sk));
    item.emplace("currency", summary.currency);
    item.emplace("by_category", categories_list(summary.by_category));
    item.emplace("other_categories", sold_map(summary.other_categories));
    item.emplace("by_hour", std::move(by_hour));
    item.emplace("book_purchases", summary.book_purchases);
    item.emplace("new_user_registrations", summary.new_user_registrations);
    item.emplace("search_queries", summary.search_queries);
    item.emplace("version", summary.version);
    return item;
}

DaySummary day_summary_from(const Item& item)
{
    DaySummary summary{.day = parsed_at<CalendarDate>(item, "sk").day(),
                       .currency = text_at(item, "currency"),
                       .total = sales_from(item),
                       .by_category = categories_at(item),
                       .other_categories = sold_from(map_at(item, "other_categories")),
                       .book_purchases = int_at(item, "book_purchases"),
                       .new_user_registrations = int_at(item, "new_user_registrations"),
                       .search_queries = int_at(item, "search_queries"),
                       .version = int_at(item, "version")};
    for (const Value& value : list_at(item, "by_hour")) {
        const Map& map = map_in(item, "by_hour", value);
        summary.by_hour.at(hour_at(map)) = sales_from(map);
    }
    return summary;
}

Task<StoreResult<DaySummary>> read_day_summary(TenantItems& items, Day day)
{
    const auto item = co_await items.get(Table::purchases, day_summary_key(day));
    if (!item)
        co_return std::unexpected(item.error());
    co_return *item ? day_summary_from(**item) : DaySummary{.day = day};
}

Task<StoreResult<std::vector<DaySummary>>> read_day_summaries(TenantItems& items, Period period)
{
    std::vector<DaySummary> summaries;
    for (Day day = period.first; day <= period.last; day += std::chrono::days(1))
        summaries.push_back({.day = day});
    Query query{.table = Table::purchases,
                .partition = std::string(summary_partition),
                .sort_keys =
                    SortRange{.first = day_summary_key(period.first).sk, .last = day_summary_key(period.last).sk},
                .limit = 50};
    do {
        const auto page = co_await items.query(query);
        if (!page)
            co_return std::unexpected(page.error());
        for (const Item& item : page->items) {
            auto summary = day_summary_from(item);
            const auto index = (summary.day - period.first).count();
            summaries.at(static_cast<std::size_t>(index)) = std::move(summary);
        }
        query.after = page->next;
    } while (query.after);
    co_return summaries;
}

Put summary_put(DaySummary summary)
{
    const Condition unchanged = summary.version == 0 ? Condition(Absent{}) : Condition(VersionIs{summary.version});
    ++summary.version;
    return {.table = Table::purchases, .item = to_item(summary), .conditions = {unchanged}};
}

Key placed_marker_key(const Purchase& purchase)
{
    return marker_key(purchase.user_id, purchase.id.value, "placed");
}

Key cancelled_marker_key(const Purchase& purchase)
{
    return marker_key(purchase.user_id, purchase.id.value, "cancelled");
}

Key registered_marker_key(const UserId& user)
{
    return marker_key(user, user.value, "registered");
}

Put marker(Key key)
{
    return {.table = Table::purchases,
            .item = {{"pk", std::move(key.pk)}, {"sk", std::move(key.sk)}},
            .conditions = {Absent{}}};
}

Put placed_marker_put(const Purchase& purchase, const CountedSale& sale)
{
    Put put = marker(placed_marker_key(purchase));
    put.item.emplace("hour", sale.hour);
    put.item.emplace("sales", sales_map(sale.sales));
    put.item.emplace("by_category", categories_list(sale.by_category));
    put.item.emplace("other_categories", sold_map(sale.other_categories));
    return put;
}

CountedSale counted_sale_from(const Item& placed_marker_put)
{
    return {.hour = static_cast<int>(hour_at(placed_marker_put)),
            .sales = sales_from(map_at(placed_marker_put, "sales")),
            .by_category = categories_at(placed_marker_put),
            .other_categories = sold_from(map_at(placed_marker_put, "other_categories"))};
}

} // namespace estante

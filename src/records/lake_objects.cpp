#include "records/lake_objects.hpp"

#include "codec/described.hpp"
#include "codec/gzip.hpp"
#include "codec/json.hpp"
#include "codec/lake_layout.hpp"
#include "domain/tenant.hpp"

#include <fmt/format.h>

#include <chrono>
#include <vector>

namespace estante::lake {

struct Item {
    std::string book_id;
    std::string title;
    std::int64_t quantity;
    Money unit_price;
    Money subtotal;
    VatRate vat_rate;
};
BOOST_DESCRIBE_STRUCT(Item, (), (book_id, title, quantity, unit_price, subtotal, vat_rate))

struct Vat {
    VatRate rate;
    Money net;
    Money tax;
};
BOOST_DESCRIBE_STRUCT(Vat, (), (rate, net, tax))

struct PurchaseRow {
    std::string purchase_id;
    std::string tenant_id;
    std::string user_id;
    std::string number;
    PurchaseStatus status{};
    Money total_amount;
    std::string currency;
    std::string created_at;
    std::string updated_at;
    std::vector<Item> items;
    std::vector<Vat> vat;
    DeliveryMethod delivery_method{};
    PaymentMethod payment_method{};
};
BOOST_DESCRIBE_STRUCT(PurchaseRow, (),
                      (purchase_id, tenant_id, user_id, number, status, total_amount, currency, created_at, updated_at,
                       items, vat, delivery_method, payment_method))

struct CategoryRow {
    std::string category;
    std::int64_t items;
    Money revenue;
};
BOOST_DESCRIBE_STRUCT(CategoryRow, (), (category, items, revenue))

struct OtherCategories {
    std::int64_t items;
    Money revenue;
};
BOOST_DESCRIBE_STRUCT(OtherCategories, (), (items, revenue))

struct HourRow {
    std::int64_t hour;
    std::int64_t count;
    std::int64_t items;
    Money revenue;
};
BOOST_DESCRIBE_STRUCT(HourRow, (), (hour, count, items, revenue))

struct SummaryRow {
    std::string tenant_id;
    std::string day;
    std::string currency;
    std::int64_t count;
    Money revenue;
    std::int64_t items;
    Money average;
    std::vector<CategoryRow> by_category;
    OtherCategories other_categories;
    std::vector<HourRow> by_hour;
    std::int64_t book_purchases;
    std::int64_t new_user_registrations;
    std::int64_t search_queries;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(SummaryRow, (),
                      (tenant_id, day, currency, count, revenue, items, average, by_category, other_categories, by_hour,
                       book_purchases, new_user_registrations, search_queries, version))

namespace {

// The format of Athena's timestamp in JSON: "2026-01-31 09:30:00.000", UTC.
// https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html
std::string time_text(std::int64_t ms)
{
    std::string text = to_string(Timestamp{ms});
    text.at(text.find('T')) = ' ';
    text.pop_back();
    return text;
}

std::string partition(Day day)
{
    const std::chrono::year_month_day date(day);
    return fmt::format("year={:04}/month={:02}/day={:02}/", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

PurchaseRow row_of(const TenantId& tenant, const Purchase& purchase)
{
    PurchaseRow row{.purchase_id = purchase.id.value,
                    .tenant_id = tenant.value,
                    .user_id = purchase.user_id.value,
                    .number = purchase.number,
                    .status = purchase.status,
                    .total_amount = purchase.total,
                    .currency = purchase.currency,
                    .created_at = time_text(purchase.created_ms),
                    .updated_at = time_text(purchase.updated_ms),
                    .items = {},
                    .vat = {},
                    .delivery_method = purchase.delivery.method.value,
                    .payment_method = purchase.payment.method.value};
    for (const PurchaseLine& line : purchase.lines)
        row.items.push_back({.book_id = line.book_id.value,
                             .title = line.title,
                             .quantity = line.quantity,
                             .unit_price = line.unit_price,
                             .subtotal = line.subtotal,
                             .vat_rate = {line.vat_rate_basis_points}});
    for (const VatAmount& vat : purchase.vat)
        row.vat.push_back({.rate = {vat.rate_basis_points}, .net = vat.net, .tax = vat.tax});
    return row;
}

} // namespace

std::string purchase_key(const TenantId& tenant, const PurchaseId& purchase)
{
    const Day day = day_of(static_cast<std::int64_t>(purchase.time_ms()));
    return fmt::format("{}{}.json.gz", lake_layout::purchases_prefix(tenant, day), purchase.value);
}

std::string summary_key(const TenantId& tenant, Day day)
{
    return fmt::format("{}/daily_summary/{}summary.json", tenant.value, partition(day));
}

NewObject purchase_object(const TenantId& tenant, const Purchase& purchase)
{
    return {.key = purchase_key(tenant, purchase.id), .bytes = gzip(codec::to_json(row_of(tenant, purchase)) + "\n")};
}

std::string summary_json(const TenantId& tenant, const DaySummary& summary)
{
    SummaryRow row{.tenant_id = tenant.value,
                   .day = CalendarDate::of(summary.day).value,
                   .currency = summary.currency,
                   .count = summary.total.purchases,
                   .revenue = {summary.total.sold.revenue_cents},
                   .items = summary.total.sold.items,
                   .average = summary.average(),
                   .by_category = {},
                   .other_categories = {.items = summary.other_categories.items,
                                        .revenue = {summary.other_categories.revenue_cents}},
                   .by_hour = {},
                   .book_purchases = summary.book_purchases,
                   .new_user_registrations = summary.new_user_registrations,
                   .search_queries = summary.search_queries,
                   .version = summary.version};
    for (const auto& [category, sold] : summary.by_category)
        row.by_category.push_back({.category = category, .items = sold.items, .revenue = {sold.revenue_cents}});
    for (std::size_t hour = 0; hour < summary.by_hour.size(); ++hour) {
        const DaySales& sales = summary.by_hour.at(hour);
        row.by_hour.push_back({.hour = static_cast<std::int64_t>(hour),
                               .count = sales.purchases,
                               .items = sales.sold.items,
                               .revenue = {sales.sold.revenue_cents}});
    }
    return codec::to_json(row) + "\n";
}

std::optional<std::int64_t> summary_version(std::string_view json)
{
    const auto value = json::parse(json);
    const Map* map = value ? value->if_map() : nullptr;
    const Value* version = map ? find(*map, "version") : nullptr;
    const Number* number = version ? version->if_number() : nullptr;
    return number ? number->to_int() : std::nullopt;
}

} // namespace estante::lake

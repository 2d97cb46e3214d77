#include "records/purchases.hpp"

#include "codec/timestamp.hpp"
#include "records/item_attributes.hpp"

#include <fmt/format.h>

namespace estante {

namespace {

constexpr std::string_view shop_partition = "PURCHASES";
constexpr std::string_view sort_prefix = "PURCHASE#";

std::string index_key(const PurchaseId& purchase)
{
    return to_string(Timestamp{static_cast<std::int64_t>(purchase.time_ms())}) + "#" + purchase.value;
}

std::string sort_key_bound(std::int64_t ms, std::uint8_t entropy)
{
    Ulid ulid{.time_ms = static_cast<std::uint64_t>(std::max<std::int64_t>(ms, 0))};
    ulid.entropy.fill(entropy);
    return fmt::format("{}{}", sort_prefix, PurchaseId::from(ulid).value);
}

Value line_value(const PurchaseLine& line)
{
    return Map{{"book_id", line.book_id.value},
               {"title", line.title},
               {"quantity", line.quantity},
               {"unit_price", Number::hundredths(line.unit_price.cents)},
               {"subtotal", Number::hundredths(line.subtotal.cents)},
               {"vat_rate", Number::hundredths(line.vat_rate_basis_points)}};
}

PurchaseLine purchase_line_from(const Map& map)
{
    return {.book_id = parsed_at<BookId>(map, "book_id"),
            .title = text_at(map, "title"),
            .quantity = int_at(map, "quantity"),
            .unit_price = {hundredths_at(map, "unit_price")},
            .subtotal = {hundredths_at(map, "subtotal")},
            .vat_rate_basis_points = hundredths_at(map, "vat_rate")};
}

Value vat_value(const VatAmount& vat)
{
    return Map{{"rate", Number::hundredths(vat.rate_basis_points)},
               {"net", Number::hundredths(vat.net.cents)},
               {"tax", Number::hundredths(vat.tax.cents)}};
}

VatAmount vat_from(const Map& map)
{
    return {.rate_basis_points = hundredths_at(map, "rate"),
            .net = {hundredths_at(map, "net")},
            .tax = {hundredths_at(map, "tax")}};
}

template <class T> List list_of(const std::vector<T>& values, Value (*value_of)(const T&))
{
    List list;
    list.reserve(values.size());
    for (const T& value : values)
        list.push_back(value_of(value));
    return list;
}

template <class T> std::vector<T> values_at(const Item& item, std::string_view name, T (*from)(const Map&))
{
    std::vector<T> values;
    for (const Value& value : list_at(item, name)) {
        const Map* map = value.if_map();
        if (!map)
            throw_damaged(item, name, "a list of maps");
        values.push_back(from(*map));
    }
    return values;
}

Map delivery_value(const Delivery& delivery)
{
    Map map{{"method", enum_text(delivery.method.value)}};
    if (delivery.address)
        map.emplace("address", delivery.address->value);
    return map;
}

} // namespace

Key purchase_key(const UserId& user, const PurchaseId& purchase)
{
    return {user.value, fmt::format("{}{}", sort_prefix, purchase.value)};
}

bool is_purchase(Table table, const Key& key)
{
    return table == Table::purchases && key.sk.starts_with(sort_prefix);
}

Item to_item(const Purchase& purchase)
{
    Key key = purchase_key(purchase.user_id, purchase.id);
    return {{"pk", std::move(key.pk)},
            {"sk", std::move(key.sk)},
            {"gsi1pk", Value(shop_partition)},
            {"gsi1sk", index_key(purchase.id)},
            {"purchase_id", purchase.id.value},
            {"user_id", purchase.user_id.value},
            {"number", purchase.number},
            {"status", enum_text(purchase.status)},
            {"items", list_of(purchase.lines, line_value)},
            {"total_amount", Number::hundredths(purchase.total.cents)},
            {"currency", purchase.currency},
            {"vat", list_of(purchase.vat, vat_value)},
            {"delivery", delivery_value(purchase.delivery)},
            {"payment", Map{{"method", enum_text(purchase.payment.method.value)}}},
            {"created_at", time_value(purchase.created_ms)},
            {"updated_at", time_value(purchase.updated_ms)},
            {"version", purchase.version}};
}

Purchase purchase_from(const Item& item)
{
    const Map& delivery = map_at(item, "delivery");
    return {.id = parsed_at<PurchaseId>(item, "purchase_id"),
            .user_id = parsed_at<UserId>(item, "user_id"),
            .number = text_at(item, "number"),
            .status = enum_at<PurchaseStatus>(item, "status"),
            .lines = values_at(item, "items", purchase_line_from),
            .total = {hundredths_at(item, "total_amount")},
            .currency = text_at(item, "currency"),
            .vat = values_at(item, "vat", vat_from),
            .delivery = {.method = {enum_at<DeliveryMethod>(delivery, "method")},
                         .address = optional_limited_at<Text<1, 500>>(delivery, "address")},
            .payment = {.method = {enum_at<PaymentMethod>(map_at(item, "payment"), "method")}},
            .created_ms = time_at(item, "created_at"),
            .updated_ms = time_at(item, "updated_at"),
            .version = int_at(item, "version")};
}

Query purchases_of(const UserId& user, const TimeSpan& span)
{
    Query query{.table = Table::purchases,
                .partition = user.value,
                .sort_keys = SortPrefix{std::string(sort_prefix)},
                .forward = false};
    if (span.first_ms || span.last_ms) {
        constexpr std::int64_t max_ulid_ms = (std::int64_t{1} << 48) - 1;
        query.sort_keys = SortRange{.first = sort_key_bound(span.first_ms.value_or(0), 0),
                                    .last = sort_key_bound(span.last_ms.value_or(max_ulid_ms), 0xFF)};
    }
    return query;
}

Query purchases_of_shop(const TimeSpan& span)
{
    SortRange range;
    if (span.first_ms)
        range.first = to_string(Timestamp{*span.first_ms});
    if (span.last_ms)
        range.last = to_string(Timestamp{*span.last_ms}) + "$"; // '$' sorts after the '#' that follows the time
    return {.table = Table::purchases,
            .index = Index::gsi1,
            .partition = std::string(shop_partition),
            .sort_keys = std::move(range),
            .forward = false};
}

Query purchase_by_id(const PurchaseId& purchase)
{
    const std::string key = index_key(purchase);
    return {.table = Table::purchases,
            .index = Index::gsi1,
            .partition = std::string(shop_partition),
            .sort_keys = SortRange{.first = key, .last = key},
            .limit = 1};
}

Update number_reservation(int year, std::int64_t count)
{
    return {.table = Table::purchases, .key = {"NUMBER", fmt::format("{:04}", year)}, .add = {{"last", count}}};
}

std::int64_t last_reserved_number(const Item& block)
{
    return int_at(block, "last");
}

} // namespace estante

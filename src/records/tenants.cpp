#include "records/tenants.hpp"

#include "records/item_attributes.hpp"

namespace estante {

namespace {

std::string partition_of(const TenantId& tenant, std::string_view partition)
{
    return tenant.value + "#" + std::string(partition);
}

const std::string tenants_partition = std::string(operator_tenant) + "#TENANTS";

DeliveryOptions delivery_from(const Map& map)
{
    return {.collect = {bool_at(map, "collect")}, .ship = {bool_at(map, "ship")}};
}

} // namespace

Key tenant_key()
{
    return {"TENANT", "TENANT"};
}

std::vector<std::pair<std::string, Value>> settings_attributes(const TenantSettings& settings)
{
    return {
        {"name", settings.name.value},
        {"language", settings.language.value},
        {"currency", settings.currency.value},
        {"vat_rate", Number::hundredths(settings.vat_rate.hundredths)},
        {"delivery", Map{{"collect", settings.delivery.collect.value}, {"ship", settings.delivery.ship.value}}},
    };
}

Item to_item(const Tenant& tenant)
{
    const auto [pk, sk] = tenant_key();
    Item item{
        {"pk", partition_of(tenant.id, pk)},
        {"sk", sk},
        {"tenant_id", tenant.id.value},
        {"status", enum_text(tenant.status)},
        {"managers", tenant.managers},
        {"version", tenant.version},
        {"created_at", time_value(tenant.created_ms)},
        {"updated_at", time_value(tenant.updated_ms)},
    };
    for (auto& [name, value] : settings_attributes(tenant.settings))
        item.emplace(std::move(name), std::move(value));
    if (is_shop(tenant.id)) {
        item.emplace("gsi1pk", tenants_partition);
        item.emplace("gsi1sk", tenant.id.value);
    }
    return item;
}

Tenant tenant_from(const Item& item)
{
    return {
        .id = parsed_at<TenantId>(item, "tenant_id"),
        .settings = {.name = {text_at(item, "name")},
                     .language = parsed_at<LanguageCode>(item, "language"),
                     .currency = parsed_at<Currency>(item, "currency"),
                     .vat_rate = {hundredths_at(item, "vat_rate")},
                     .delivery = delivery_from(map_at(item, "delivery"))},
        .status = enum_at<TenantStatus>(item, "status"),
        .managers = int_at(item, "managers"),
        .version = int_at(item, "version"),
        .created_ms = time_at(item, "created_at"),
        .updated_ms = time_at(item, "updated_at"),
    };
}

Query tenants_query(std::size_t limit, std::optional<Cursor> after)
{
    return {.table = Table::users,
            .index = Index::gsi1,
            .partition = tenants_partition,
            .limit = limit,
            .after = std::move(after)};
}

Update tenant_status_update(TenantStatus status, std::int64_t now_ms)
{
    return {.table = Table::users,
            .key = tenant_key(),
            .set = {{"status", enum_text(status)}, {"updated_at", time_value(now_ms)}},
            .add = {{"version", 1}},
            .conditions = {Present{}}};
}

Update increment_managers()
{
    return {.table = Table::users, .key = tenant_key(), .add = {{"managers", 1}}, .conditions = {Present{}}};
}

Update decrement_managers()
{
    return {
        .table = Table::users, .key = tenant_key(), .add = {{"managers", -1}}, .conditions = {AtLeast{"managers", 2}}};
}

Task<StoreResult<std::optional<Tenant>>> find_tenant(TenantItems& items)
{
    const auto item = co_await items.get(Table::users, tenant_key());
    if (!item)
        co_return std::unexpected(item.error());
    if (!*item)
        co_return std::nullopt;
    co_return tenant_from(**item);
}

Put in_tenant(const TenantId& tenant, Put put)
{
    for (const std::string_view name : {"pk", "gsi1pk", "gsi2pk"}) {
        if (const auto found = put.item.find(name); found != put.item.end())
            found->second = partition_of(tenant, text_of(put.item, name));
    }
    put.item.insert_or_assign("tenant_id", Value(tenant.value));
    return put;
}

} // namespace estante

#include "moves/copy_scope.hpp"

#include "domain/tenant.hpp"
#include "ports/rules/partitions.hpp"
#include "records/item_attributes.hpp"
#include "records/summaries.hpp"
#include "records/tenants.hpp"

namespace estante::moves {

namespace {

bool is_tenant(Table table, const Key& key)
{
    const auto [pk, sk] = tenant_key();
    return table == Table::users && key.sk == sk &&
           std::string_view(key.pk).substr(tenant_of(key.pk).size()) == "#" + pk;
}

} // namespace

bool Scope::contains(Table table, const Key& key) const
{
    if (tenant)
        return tenant_of(key.pk) == tenant->value;
    return table != Table::users || key.pk != checkpoints_partition;
}

CopyOrder copy_order_of(Table table, const Key& key)
{
    if (is_counted_marker(table, key))
        return CopyOrder::marker;
    return is_daily_summary(table, key) ? CopyOrder::summary : CopyOrder::other;
}

Item to_target_item(Item item, Table table, const Scope& scope)
{
    if (scope.tenant && is_tenant(table, key_of(item)))
        item.insert_or_assign("status", Value(enum_text(TenantStatus::moving)));
    return item;
}

} // namespace estante::moves

#include "adapters/sqlite/item_row.hpp"

#include "codec/json.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace estante::sqlite {

ItemRow to_row(Table table, Item& item)
{
    ItemRow row;
    if (const Value* version = find(item, "version"); version && version->if_number())
        row.version = version->if_number()->to_int();
    row.expires_at = expiry_of(item);
    row.gsi1 = index_key_of(item, Index::gsi1);
    if (has_index(table, Index::gsi2))
        row.gsi2 = index_key_of(item, Index::gsi2);
    Value whole(std::move(item));
    json::write(row.body, whole);
    item = std::get<Map>(std::move(whole.data));
    return row;
}

Item parse_item(std::string_view body)
{
    auto value = json::parse(body);
    if (!value)
        throw std::runtime_error(fmt::format("an item of the store is damaged: {}", value.error().reason));
    auto* item = std::get_if<Map>(&value->data);
    if (!item)
        throw std::runtime_error("an item of the store is damaged: not a JSON object");
    return std::move(*item);
}

RowAttributes::RowAttributes(const ItemRow& row) : row_(row)
{
    if (row.version)
        version_ = Value(*row.version);
}

const Value* RowAttributes::find(std::string_view name) const
{
    if (name == "version" && row_.version)
        return &version_;
    return estante::find(item(), name);
}

Item RowAttributes::item() &&
{
    static_cast<const RowAttributes&>(*this).item();
    return std::move(*item_);
}

const Item& RowAttributes::item() const&
{
    if (!item_)
        item_ = parse_item(row_.body);
    return *item_;
}

} // namespace estante::sqlite

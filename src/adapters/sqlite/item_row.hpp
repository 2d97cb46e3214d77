// An item as a row of its table.
#pragma once

#include "ports/rules/item_rules.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace estante::sqlite {

struct ItemRow {
    std::string body; // the item's JSON
    std::optional<std::int64_t> version{};
    std::optional<std::int64_t> expires_at{}; // epoch seconds
    std::optional<Key> gsi1{};
    std::optional<Key> gsi2{};
    std::int64_t rowid = 0; // set when the row was read from the table

    bool is_expired(std::int64_t now_ms) const { return expires_at && *expires_at <= now_ms / 1000; }
};

// Not const, because the item is moved into the JSON writer and back, which avoids a copy. It is unchanged on return.
ItemRow to_row(Table table, Item& item);
// Throws std::runtime_error when the text is not an item, which only a change from outside this program can cause.
Item parse_item(std::string_view body);

// The attributes of an existing row. The body is parsed only when a condition reads more than the columns.
class RowAttributes final : public Attributes {
public:
    explicit RowAttributes(const ItemRow& row);

    const Value* find(std::string_view name) const override;
    const Item& item() const&;
    Item item() &&;

private:
    const ItemRow& row_;
    Value version_;
    mutable std::optional<Item> item_;
};

} // namespace estante::sqlite

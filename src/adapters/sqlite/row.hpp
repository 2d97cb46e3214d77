// An item as its table holds it.
#pragma once

#include "ports/rules/item_rules.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace estante::sqlite {

struct Row {
    std::string body; // the item's JSON
    std::optional<std::int64_t> version{};
    std::optional<std::int64_t> expires_at{}; // epoch seconds
    std::optional<Key> gsi1{};
    std::optional<Key> gsi2{};
    std::int64_t rowid = 0; // of a row that was found

    bool is_expired(std::int64_t now_ms) const { return expires_at && *expires_at <= now_ms / 1000; }
};

// The item is the same afterwards; it is lent to the writer of JSON for the time of the call.
Row row_of(Table table, Item& item);
// Throws std::runtime_error when the text is no item: the file was changed by another hand.
Item item_of(std::string_view body);

// The attributes of a row that is there, read from its body when more than its columns is asked for.
class RowAttributes final : public Attributes {
public:
    explicit RowAttributes(const Row& row);

    const Value* find(std::string_view name) const override;
    const Item& item() const&;
    Item item() &&;

private:
    const Row& row_;
    Value version_;
    mutable std::optional<Item> item_;
};

} // namespace estante::sqlite

#include "ports/item_store.hpp"

#include <algorithm>

namespace estante {

const char* name_of(Table table)
{
    switch (table) {
    case Table::users:
        return "users";
    case Table::books:
        return "books";
    case Table::purchases:
        return "purchases";
    }
    return "";
}

Key key_of(const Item& item)
{
    return {std::string(text_of(item, "pk")), std::string(text_of(item, "sk"))};
}

std::optional<Key> index_key_of(const Item& item, Index index)
{
    if (index == Index::primary)
        return key_of(item);
    const bool first = index == Index::gsi1;
    const auto pk = text_of(item, first ? "gsi1pk" : "gsi2pk");
    const auto sk = text_of(item, first ? "gsi1sk" : "gsi2sk");
    if (pk.empty() || sk.empty())
        return std::nullopt;
    return Key{std::string(pk), std::string(sk)};
}

namespace {

std::size_t size_of(const Value& value)
{
    struct Sizes {
        std::size_t operator()(std::nullptr_t) const { return 1; }
        std::size_t operator()(bool) const { return 1; }
        std::size_t operator()(const Number& n) const { return std::min<std::size_t>(n.text().size() / 2 + 2, 21); }
        std::size_t operator()(const std::string& s) const { return s.size(); }
        std::size_t operator()(const List& list) const
        {
            std::size_t sum = 3;
            for (const Value& element : list)
                sum += 1 + size_of(element);
            return sum;
        }
        std::size_t operator()(const Map& map) const { return 3 + map.size() + estante::size_of(map); }
    };
    return std::visit(Sizes{}, value.data);
}

} // namespace

std::size_t size_of(const Item& item)
{
    std::size_t sum = 0;
    for (const auto& [name, value] : item)
        sum += name.size() + size_of(value);
    return sum;
}

} // namespace estante

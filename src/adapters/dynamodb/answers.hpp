// Reading the parts of DynamoDB's answers; what is absent or of another type reads as empty.
#pragma once

#include "domain/value.hpp"

#include <string_view>

namespace estante::dynamodb {

inline const Map& map_in(const Map& map, std::string_view name)
{
    static const Map none;
    const Value* value = find(map, name);
    const Map* found = value ? value->if_map() : nullptr;
    return found ? *found : none;
}

inline const List& list_in(const Map& map, std::string_view name)
{
    static const List none;
    const Value* value = find(map, name);
    const List* found = value ? value->if_list() : nullptr;
    return found ? *found : none;
}

} // namespace estante::dynamodb

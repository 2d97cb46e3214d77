#include "adapters/dynamodb/table_description.hpp"

#include "ports/rules/item_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante::dynamodb {

std::string table_name(Table table, std::string_view stage)
{
    return fmt::format("bookstore-{}-{}", name_of(table), stage);
}

bool is_stage(std::string_view stage)
{
    return !stage.empty() && stage.size() <= 20 && std::ranges::all_of(stage, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

IndexKeys index_keys(Index index)
{
    return index == Index::gsi1 ? IndexKeys{.name = "GSI1", .partition = "gsi1pk", .sort = "gsi1sk"}
                                : IndexKeys{.name = "GSI2", .partition = "gsi2pk", .sort = "gsi2sk"};
}

TableDescription describe_table(Table table, std::string_view stage)
{
    TableDescription description{
        .table = table, .name = table_name(table, stage), .indexes = {}, .deletion_protection = stage == "prod"};
    for (const Index index : {Index::gsi1, Index::gsi2}) {
        if (has_index(table, index))
            description.indexes.push_back(index_keys(index));
    }
    return description;
}

} // namespace estante::dynamodb

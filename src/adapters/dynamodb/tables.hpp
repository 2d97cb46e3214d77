// The three tables as DynamoDB knows them: the one description that `estante tables`, the store and the infrastructure
// code are made from.
#pragma once

#include "ports/item_store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace estante::dynamodb {

// "bookstore-books-prod". A stage matches [a-z0-9-]{1,20}.
std::string table_name(Table table, std::string_view stage);
bool is_stage(std::string_view stage);

struct IndexKeys {
    std::string_view name; // "GSI1"
    std::string_view partition;
    std::string_view sort;
};

// Every key attribute is a string, every index projects all attributes, billing is on demand, the stream has new and
// old images, encryption uses AWS's own key for DynamoDB.
struct TableDescription {
    Table table;
    std::string name;
    std::vector<IndexKeys> indexes;
    std::string_view expiry = "expires_at"; // the TTL attribute
    bool protect_from_deletion = false;     // in stage prod
    bool recover_to_point_in_time = true;
};

TableDescription describe_table(Table table, std::string_view stage);
IndexKeys index_keys(Index index); // of gsi1 and gsi2

} // namespace estante::dynamodb

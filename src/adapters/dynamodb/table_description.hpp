// The definition of the three tables. `estante tables`, the store and the infrastructure code use this one.
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

// For all tables: key attributes are strings, indexes project all attributes, billing is on demand, the stream has new
// and old images, and encryption uses the AWS owned key.
struct TableDescription {
    Table table;
    std::string name;
    std::vector<IndexKeys> indexes;
    std::string_view ttl_attribute = "expires_at";
    bool deletion_protection = false; // in stage prod
    bool point_in_time_recovery = true;
};

TableDescription describe_table(Table table, std::string_view stage);
IndexKeys index_keys(Index index); // not for Index::primary

} // namespace estante::dynamodb

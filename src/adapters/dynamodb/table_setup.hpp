// Creates the tables of a stage and compares existing ones with their description.
#pragma once

#include "adapters/dynamodb/dynamodb_api.hpp"
#include "adapters/dynamodb/table_description.hpp"
#include "ports/item_store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace estante::dynamodb {

class TableSetup {
public:
    // The credentials outlive this.
    TableSetup(aws::JsonApi tables, aws::CredentialsProvider& credentials, std::string stage)
        : tables_(std::move(tables)), credentials_(credentials), stage_(std::move(stage))
    {
    }

    // Creates what is missing (tables, streams, time to live, point-in-time recovery) and waits until the tables are
    // active. Existing tables are not changed otherwise. Returns a line for each change, and for each setting that a
    // custom endpoint does not support, such as point-in-time recovery.
    Task<StoreResult<std::vector<std::string>>> create();
    // Returns a line for each difference, with what to do about it; empty when all is as described.
    Task<StoreResult<std::vector<std::string>>> check();

private:
    aws::JsonApi tables_;
    aws::CredentialsProvider& credentials_;
    std::string stage_;

    Task<StoreResult<std::string>> create_table(const TableDescription& table);
    Task<StoreResult<void>> wait_until_active(const TableDescription& table);
    Task<std::string> enable_stream(const TableDescription& table);
    Task<std::string> enable_ttl(const TableDescription& table);
    Task<std::string> enable_point_in_time_recovery(const TableDescription& table);
    Task<StoreResult<void>> check_table(const TableDescription& table, std::vector<std::string>& differences);
};

} // namespace estante::dynamodb

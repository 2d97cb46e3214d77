// Makes the tables of a stage, and says in which ways those that are there differ from their description.
#pragma once

#include "adapters/dynamodb/api.hpp"
#include "adapters/dynamodb/tables.hpp"
#include "ports/item_store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace estante::dynamodb {

class TableSetup {
public:
    // The credentials outlive this.
    TableSetup(Api tables, aws::Credentials& credentials, std::string stage)
        : tables_(std::move(tables)), credentials_(credentials), stage_(std::move(stage))
    {
    }

    // Makes what is missing (tables, stream, time to live, point-in-time recovery) and waits until all can be used;
    // what is there stays as it is. Answers a line for each thing done, and for what an endpoint of one's own does not
    // know (point-in-time recovery, for one).
    Task<StoreResult<std::vector<std::string>>> create();
    // A line for each difference, with what to do; empty: all is as described.
    Task<StoreResult<std::vector<std::string>>> check();

private:
    Api tables_;
    aws::Credentials& credentials_;
    std::string stage_;

    Task<StoreResult<std::string>> create_table(const TableDescription& table);
    Task<StoreResult<void>> wait_until_active(const TableDescription& table);
    Task<std::string> turn_stream_on(const TableDescription& table);
    Task<std::string> expire_items(const TableDescription& table);
    Task<std::string> recover_to_point_in_time(const TableDescription& table);
    Task<StoreResult<void>> check_table(const TableDescription& table, std::vector<std::string>& differences);
};

} // namespace estante::dynamodb

// Creates the lake's database and tables in Glue, and compares existing ones with their description.
#pragma once

#include "adapters/athena/glue_tables.hpp"
#include "adapters/aws/json_api.hpp"
#include "ports/object_store.hpp"

#include <string>
#include <vector>

namespace estante::athena {

// `endpoint` is a custom one; empty: the public one of the region.
aws::JsonApi glue_api(aws::Client& client, const std::string& region, const std::string& endpoint);

class GlueSetup {
public:
    // The credentials outlive this.
    GlueSetup(aws::JsonApi glue, aws::CredentialsProvider& credentials, std::string database, LakeLocation lake)
        : glue_(std::move(glue)), credentials_(credentials), database_(std::move(database)), lake_(std::move(lake))
    {
    }

    // Creates what is missing, and updates tables that differ; they contain no data themselves. Returns a line for each
    // change.
    Task<Result<std::vector<std::string>, ObjectError>> create();
    // Returns a line for each difference, with what to do about it; empty when all is as described.
    Task<Result<std::vector<std::string>, ObjectError>> check();

private:
    aws::JsonApi glue_;
    aws::CredentialsProvider& credentials_;
    std::string database_;
    LakeLocation lake_;

    enum class TableState { missing, different, as_described };
    Task<Result<Map, aws::Failure>> call(std::string operation, Map arguments, bool with_database = true);
    Task<Result<bool, ObjectError>> has_database();
    Task<Result<TableState, ObjectError>> table_state(const Map& table);
};

} // namespace estante::athena

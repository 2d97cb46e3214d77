// Makes the lake's database and tables in Glue, and says in which ways those that are there differ.
#pragma once

#include "adapters/athena/glue_tables.hpp"
#include "adapters/aws/json_api.hpp"
#include "ports/object_store.hpp"

#include <string>
#include <vector>

namespace estante::athena {

// `endpoint` is one's own; empty: AWS's of the region.
aws::JsonApi glue_api(aws::Client& client, const std::string& region, const std::string& endpoint);

class GlueSetup {
public:
    // The credentials outlive this.
    GlueSetup(aws::JsonApi glue, aws::Credentials& credentials, std::string database, LakeLocation lake)
        : glue_(std::move(glue)), credentials_(credentials), database_(std::move(database)), lake_(std::move(lake))
    {
    }

    // Makes what is missing, and makes tables anew whose description differs: they hold nothing themselves. Answers a
    // line for each thing done.
    Task<Result<std::vector<std::string>, ObjectError>> create();
    // A line for each difference, with what to do; empty: all is as described.
    Task<Result<std::vector<std::string>, ObjectError>> check();

private:
    aws::JsonApi glue_;
    aws::Credentials& credentials_;
    std::string database_;
    LakeLocation lake_;

    enum class State { absent, different, right };
    Task<aws::Called<Map>> call(std::string operation, Map arguments, bool with_database = true);
    Task<Result<bool, ObjectError>> has_database();
    Task<Result<State, ObjectError>> state_of(const Map& table);
};

} // namespace estante::athena

// One query on Athena from its start to its rows.
// https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html
#pragma once

#include "adapters/athena/athena_analytics.hpp"
#include "adapters/athena/statement.hpp"
#include "adapters/aws/json_api.hpp"

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace estante::athena {

using Row = std::vector<std::optional<std::string>>; // a cell without a value is NULL
using Rows = std::vector<Row>;
using Why = std::string; // for a log line

// Any thread.
class QueryRun {
public:
    // The client outlives this.
    QueryRun(aws::Client& client, std::shared_ptr<aws::Credentials> credentials, Random& random,
             const AthenaOptions& options);

    // All rows, without the one of the columns' names.
    Task<std::expected<Rows, Why>> rows(Statement statement) const;

private:
    aws::Client& client_;
    std::shared_ptr<aws::Credentials> credentials_;
    Random& random_;
    const AthenaOptions& options_;
    aws::JsonApi athena_;

    using Moment = std::chrono::steady_clock::time_point;
    Task<std::expected<std::string, Why>> start(Statement statement) const;
    // Nothing: it succeeded. It is stopped when it takes too long.
    Task<std::optional<Why>> finish(std::string id, Moment until) const;
    Task<std::expected<Rows, Why>> read(std::string id, Moment until) const;
    Task<void> stop(std::string id) const;
};

} // namespace estante::athena

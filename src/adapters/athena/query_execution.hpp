// Runs one query on Athena: starts it, polls its state and reads its rows.
// https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html
#pragma once

#include "adapters/athena/athena_analytics.hpp"
#include "adapters/athena/statement.hpp"
#include "adapters/aws/json_api.hpp"
#include "domain/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace estante::athena {

using Row = std::vector<std::optional<std::string>>; // an empty cell is NULL
using Rows = std::vector<Row>;

struct QueryError {
    std::string reason; // for a log line
};

// Any thread.
class QueryExecution {
public:
    // The client outlives this.
    QueryExecution(aws::Client& client, std::shared_ptr<aws::CredentialsProvider> credentials, Random& random,
                   const AthenaOptions& options);

    // All rows, without the header row.
    Task<Result<Rows, QueryError>> run(Statement statement) const;

private:
    aws::Client& client_;
    std::shared_ptr<aws::CredentialsProvider> credentials_;
    Random& random_;
    const AthenaOptions& options_;
    aws::JsonApi athena_;

    using TimePoint = std::chrono::steady_clock::time_point;
    Task<Result<std::string, QueryError>> start(Statement statement) const;
    // Polls until the query has ended. Stops it at the deadline.
    Task<Result<void, QueryError>> wait_until_done(std::string id, TimePoint deadline) const;
    Task<Result<Rows, QueryError>> read_rows(std::string id, TimePoint deadline) const;
    Task<void> stop(std::string id) const;
};

} // namespace estante::athena

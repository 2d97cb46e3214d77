#include "adapters/athena/query_execution.hpp"

#include "codec/digest.hpp"
#include "codec/json.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>

namespace estante::athena {

namespace asio = boost::asio;

namespace {

constexpr int max_page_rows = 1000; // of GetQueryResults

QueryError to_query_error(std::string_view operation, const aws::Failure& failure)
{
    return {.reason = fmt::format("{}: {} {}", operation, failure.type, failure.message)};
}

std::string to_body(Map arguments)
{
    return json::to_text(Value(std::move(arguments)));
}

Row parse_row(const Value& value)
{
    Row row;
    const Map* map = value.if_map();
    if (!map)
        return row;
    for (const Value& cell : list_in(*map, "Data")) {
        const Value* text = cell.if_map() ? find(*cell.if_map(), "VarCharValue") : nullptr;
        const std::string* found = text ? text->if_string() : nullptr;
        row.push_back(found ? std::optional(*found) : std::nullopt);
    }
    return row;
}

// Runs on the client's thread, since the cancelled caller cannot await it.
Task<void> stop_detached(aws::JsonApi athena, std::shared_ptr<aws::CredentialsProvider> credentials, std::string id)
{
    co_await athena.call("StopQueryExecution", to_body({{"QueryExecutionId", std::move(id)}}), *credentials);
}

} // namespace

QueryExecution::QueryExecution(aws::Client& client, std::shared_ptr<aws::CredentialsProvider> credentials,
                               Random& random, const AthenaOptions& options)
    : client_(client),
      credentials_(std::move(credentials)),
      random_(random),
      options_(options),
      athena_(client, aws::service_at("athena", options.region, options.endpoint), "AmazonAthena", "1.1")
{
}

Task<Result<Rows, QueryError>> QueryExecution::run(Statement statement) const
{
    const auto deadline = std::chrono::steady_clock::now() + options_.query_timeout;
    auto id = co_await start(std::move(statement));
    if (!id)
        co_return std::unexpected(std::move(id.error()));
    std::exception_ptr thrown;
    try {
        if (auto done = co_await wait_until_done(*id, deadline); !done)
            co_return std::unexpected(std::move(done.error()));
        co_return co_await read_rows(*id, deadline);
    } catch (...) {
        thrown = std::current_exception();
    }
    client_.spawn_detached(stop_detached(athena_, credentials_, *id));
    std::rethrow_exception(thrown);
}

Task<Result<std::string, QueryError>> QueryExecution::start(Statement statement) const
{
    std::array<std::uint8_t, 24> token{};
    random_.fill(token);
    Map arguments{{"QueryString", std::move(statement.sql)},
                  {"QueryExecutionContext", Map{{"Database", options_.database}, {"Catalog", "AwsDataCatalog"}}},
                  {"WorkGroup", options_.workgroup},
                  {"ClientRequestToken", hex(token)}}; // makes a retry idempotent
    if (!options_.output.empty())
        arguments.insert_or_assign("ResultConfiguration", Map{{"OutputLocation", options_.output}});
    List parameters;
    for (auto& parameter : statement.parameters)
        parameters.emplace_back(std::move(parameter));
    if (!parameters.empty())
        arguments.insert_or_assign("ExecutionParameters", std::move(parameters));
    const auto started = co_await athena_.call("StartQueryExecution", to_body(std::move(arguments)), *credentials_);
    if (!started)
        co_return std::unexpected(to_query_error("start a query", started.error()));
    std::string id(text_of(*started, "QueryExecutionId"));
    if (id.empty())
        co_return std::unexpected(QueryError{"the response to StartQueryExecution has no QueryExecutionId"});
    co_return id;
}

Task<Result<void, QueryError>> QueryExecution::wait_until_done(std::string id, TimePoint deadline) const
{
    auto delay = options_.min_poll_delay;
    for (;;) {
        const auto response =
            co_await athena_.call("GetQueryExecution", to_body({{"QueryExecutionId", id}}), *credentials_);
        if (!response) {
            co_await stop(id);
            co_return std::unexpected(to_query_error("poll query " + id, response.error()));
        }
        const Map& status = map_in(map_in(*response, "QueryExecution"), "Status");
        const auto state = text_of(status, "State");
        if (state == "SUCCEEDED")
            co_return Result<void, QueryError>();
        if (state != "QUEUED" && state != "RUNNING")
            co_return std::unexpected(
                QueryError{fmt::format("query {} ended as {}: {}", id, state, text_of(status, "StateChangeReason"))});
        if (std::chrono::steady_clock::now() + delay > deadline) {
            co_await stop(id);
            co_return std::unexpected(QueryError{
                fmt::format("query {} took longer than {} ms and was stopped", id, options_.query_timeout.count())});
        }
        asio::steady_timer timer(co_await asio::this_coro::executor, delay);
        co_await timer.async_wait(asio::use_awaitable);
        delay = std::min(delay + delay / 2, options_.max_poll_delay);
    }
}

Task<Result<Rows, QueryError>> QueryExecution::read_rows(std::string id, TimePoint deadline) const
{
    Rows rows;
    std::string next;
    bool is_header = true;
    do {
        if (std::chrono::steady_clock::now() > deadline)
            co_return std::unexpected(QueryError{fmt::format("reading the rows of query {} took longer than {} ms", id,
                                                             options_.query_timeout.count())});
        Map arguments{{"QueryExecutionId", id}, {"MaxResults", max_page_rows}};
        if (!next.empty())
            arguments.insert_or_assign("NextToken", next);
        const auto page = co_await athena_.call("GetQueryResults", to_body(std::move(arguments)), *credentials_);
        if (!page)
            co_return std::unexpected(to_query_error("read the rows of query " + id, page.error()));
        for (const Value& row : list_in(map_in(*page, "ResultSet"), "Rows")) {
            if (!std::exchange(is_header, false))
                rows.push_back(parse_row(row));
        }
        next = text_of(*page, "NextToken");
    } while (!next.empty());
    co_return rows;
}

Task<void> QueryExecution::stop(std::string id) const
{
    const auto stopped =
        co_await athena_.call("StopQueryExecution", to_body({{"QueryExecutionId", id}}), *credentials_);
    if (!stopped)
        options_.report(to_query_error("stop query " + id, stopped.error()).reason);
}

} // namespace estante::athena

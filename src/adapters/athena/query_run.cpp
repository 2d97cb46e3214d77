#include "adapters/athena/query_run.hpp"

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

constexpr int page_rows = 1000;

Why why(std::string_view doing, const aws::Failure& failure)
{
    return fmt::format("{}: {} {}", doing, failure.type, failure.message);
}

std::string to_body(Map arguments)
{
    return json::to_text(Value(std::move(arguments)));
}

Row row_of(const Value& value)
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

// What is left for one who can wait no more runs on the client's own thread, with what it needs.
Task<void> stop_apart(aws::JsonApi athena, std::shared_ptr<aws::Credentials> credentials, std::string id)
{
    co_await athena.call("StopQueryExecution", to_body({{"QueryExecutionId", std::move(id)}}), *credentials);
}

} // namespace

QueryRun::QueryRun(aws::Client& client, std::shared_ptr<aws::Credentials> credentials, Random& random,
                   const AthenaOptions& options)
    : client_(client),
      credentials_(std::move(credentials)),
      random_(random),
      options_(options),
      athena_(client, aws::service_at("athena", options.region, options.endpoint), "AmazonAthena", "1.1")
{
}

Task<std::expected<Rows, Why>> QueryRun::rows(Statement statement) const
{
    const auto until = std::chrono::steady_clock::now() + options_.within;
    auto id = co_await start(std::move(statement));
    if (!id)
        co_return std::unexpected(std::move(id.error()));
    std::exception_ptr thrown;
    try {
        if (auto failed = co_await finish(*id, until))
            co_return std::unexpected(std::move(*failed));
        co_return co_await read(*id, until);
    } catch (...) {
        thrown = std::current_exception();
    }
    client_.run_apart(stop_apart(athena_, credentials_, *id)); // nobody waits for its answer any more
    std::rethrow_exception(thrown);
}

Task<std::expected<std::string, Why>> QueryRun::start(Statement statement) const
{
    std::array<std::uint8_t, 24> token{};
    random_.fill(token);
    Map arguments{{"QueryString", std::move(statement.sql)},
                  {"QueryExecutionContext", Map{{"Database", options_.database}, {"Catalog", "AwsDataCatalog"}}},
                  {"WorkGroup", options_.workgroup},
                  {"ClientRequestToken", hex(token)}}; // so that a repetition starts no second query
    if (!options_.output.empty())
        arguments.insert_or_assign("ResultConfiguration", Map{{"OutputLocation", options_.output}});
    List parameters;
    for (auto& parameter : statement.parameters)
        parameters.emplace_back(std::move(parameter));
    if (!parameters.empty())
        arguments.insert_or_assign("ExecutionParameters", std::move(parameters));
    const auto started = co_await athena_.call("StartQueryExecution", to_body(std::move(arguments)), *credentials_);
    if (!started)
        co_return std::unexpected(why("start a query", started.error()));
    std::string id(text_of(*started, "QueryExecutionId"));
    if (id.empty())
        co_return std::unexpected(Why("the answer to StartQueryExecution names no query"));
    co_return id;
}

Task<std::optional<Why>> QueryRun::finish(std::string id, Moment until) const
{
    auto pause = options_.first_pause;
    for (;;) {
        const auto asked =
            co_await athena_.call("GetQueryExecution", to_body({{"QueryExecutionId", id}}), *credentials_);
        if (!asked) {
            co_await stop(id);
            co_return why("ask after query " + id, asked.error());
        }
        const Map& status = map_in(map_in(*asked, "QueryExecution"), "Status");
        const auto state = text_of(status, "State");
        if (state == "SUCCEEDED")
            co_return std::nullopt;
        if (state != "QUEUED" && state != "RUNNING")
            co_return fmt::format("query {} ended as {}: {}", id, state, text_of(status, "StateChangeReason"));
        if (std::chrono::steady_clock::now() + pause > until) {
            co_await stop(id);
            co_return fmt::format("query {} took longer than {} ms and was stopped", id, options_.within.count());
        }
        asio::steady_timer timer(co_await asio::this_coro::executor, pause);
        co_await timer.async_wait(asio::use_awaitable);
        pause = std::min(pause + pause / 2, options_.longest_pause);
    }
}

Task<std::expected<Rows, Why>> QueryRun::read(std::string id, Moment until) const
{
    Rows rows;
    std::string next;
    bool first = true;
    do {
        if (std::chrono::steady_clock::now() > until)
            co_return std::unexpected(
                fmt::format("the rows of query {} took longer than {} ms", id, options_.within.count()));
        Map arguments{{"QueryExecutionId", id}, {"MaxResults", page_rows}};
        if (!next.empty())
            arguments.insert_or_assign("NextToken", next);
        const auto page = co_await athena_.call("GetQueryResults", to_body(std::move(arguments)), *credentials_);
        if (!page)
            co_return std::unexpected(why("read the rows of query " + id, page.error()));
        for (const Value& row : list_in(map_in(*page, "ResultSet"), "Rows")) {
            if (!std::exchange(first, false)) // which names the columns
                rows.push_back(row_of(row));
        }
        next = text_of(*page, "NextToken");
    } while (!next.empty());
    co_return rows;
}

Task<void> QueryRun::stop(std::string id) const
{
    const auto stopped =
        co_await athena_.call("StopQueryExecution", to_body({{"QueryExecutionId", id}}), *credentials_);
    if (!stopped)
        options_.report(why("stop query " + id, stopped.error()));
}

} // namespace estante::athena

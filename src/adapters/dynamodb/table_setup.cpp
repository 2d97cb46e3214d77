#include "adapters/dynamodb/table_setup.hpp"

#include "adapters/dynamodb/store_errors.hpp"
#include "codec/json.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace estante::dynamodb {

namespace asio = boost::asio;

namespace {

constexpr auto poll_interval = std::chrono::milliseconds(200);
constexpr int max_polls = 300;

std::string key_schema(std::string_view partition, std::string_view sort)
{
    return fmt::format(R"([{{"AttributeName":"{}","KeyType":"HASH"}},{{"AttributeName":"{}","KeyType":"RANGE"}}])",
                       partition, sort);
}

std::string create_table_body(const TableDescription& table)
{
    std::string attributes;
    const auto attribute = [&attributes](std::string_view name) {
        fmt::format_to(std::back_inserter(attributes), R"({}{{"AttributeName":"{}","AttributeType":"S"}})",
                       attributes.empty() ? "" : ",", name);
    };
    attribute("pk");
    attribute("sk");
    std::string indexes;
    for (const IndexKeys& index : table.indexes) {
        attribute(index.partition);
        attribute(index.sort);
        fmt::format_to(std::back_inserter(indexes),
                       R"({}{{"IndexName":"{}","KeySchema":{},"Projection":{{"ProjectionType":"ALL"}}}})",
                       indexes.empty() ? "" : ",", index.name, key_schema(index.partition, index.sort));
    }
    return fmt::format(R"({{"TableName":"{}","KeySchema":{},"AttributeDefinitions":[{}],"GlobalSecondaryIndexes":[{}],)"
                       R"("BillingMode":"PAY_PER_REQUEST","StreamSpecification":{{"StreamEnabled":true,)"
                       R"("StreamViewType":"NEW_AND_OLD_IMAGES"}},"DeletionProtectionEnabled":{}}})",
                       table.name, key_schema("pk", "sk"), attributes, indexes, table.deletion_protection);
}

std::string table_name_body(const TableDescription& table)
{
    return fmt::format(R"({{"TableName":"{}"}})", table.name);
}

// "pk/sk" of a key schema in any order.
std::string key_names(const Map& described)
{
    std::string partition;
    std::string sort;
    for (const Value& key : list_in(described, "KeySchema")) {
        if (const Map* map = key.if_map())
            (text_of(*map, "KeyType") == "HASH" ? partition : sort) = text_of(*map, "AttributeName");
    }
    return partition + "/" + sort;
}

const Map* find_index(const Map& described, std::string_view name)
{
    const List& indexes = list_in(described, "GlobalSecondaryIndexes");
    const auto found = std::ranges::find_if(indexes, [name](const Value& index) {
        return index.if_map() && text_of(*index.if_map(), "IndexName") == name;
    });
    return found == indexes.end() ? nullptr : found->if_map();
}

bool is_true(const Map& map, std::string_view name)
{
    const Value* value = find(map, name);
    return value && value->if_bool() && *value->if_bool();
}

void compare_keys(const TableDescription& table, const Map& described, std::vector<std::string>& differences)
{
    if (const auto keys = key_names(described); keys != "pk/sk")
        differences.push_back(fmt::format(
            "{}: its key is {} instead of pk/sk; a key cannot be changed: create another table", table.name, keys));
    for (const IndexKeys& expected : table.indexes) {
        const Map* index = find_index(described, expected.name);
        const auto keys = fmt::format("{}/{}", expected.partition, expected.sort);
        if (!index)
            differences.push_back(
                fmt::format("{}: there is no index {} on {}; add it", table.name, expected.name, keys));
        else if (key_names(*index) != keys)
            differences.push_back(fmt::format("{}: index {} is on {} instead of {}; delete it and create it again",
                                              table.name, expected.name, key_names(*index), keys));
        else if (text_of(map_in(*index, "Projection"), "ProjectionType") != "ALL")
            differences.push_back(
                fmt::format("{}: index {} does not project all attributes; delete it and create it again", table.name,
                            expected.name));
    }
}

bool has_stream(const Map& described)
{
    const Map& stream = map_in(described, "StreamSpecification");
    return is_true(stream, "StreamEnabled") && text_of(stream, "StreamViewType") == "NEW_AND_OLD_IMAGES";
}

std::string reason_of(const aws::Failure& failure)
{
    return failure.message.empty() ? failure.type : failure.message;
}

void compare_settings(const TableDescription& table, const Map& described, std::vector<std::string>& differences)
{
    if (!has_stream(described))
        differences.push_back(
            fmt::format("{}: its stream is not on with NEW_AND_OLD_IMAGES; estante tables create", table.name));
    if (text_of(map_in(described, "BillingModeSummary"), "BillingMode") != "PAY_PER_REQUEST")
        differences.push_back(fmt::format("{}: billing is not on demand (PAY_PER_REQUEST)", table.name));
    if (table.deletion_protection && !is_true(described, "DeletionProtectionEnabled"))
        differences.push_back(
            fmt::format("{}: it is not protected from deletion; set DeletionProtectionEnabled", table.name));
}

} // namespace

Task<StoreResult<std::string>> TableSetup::create_table(const TableDescription& table)
{
    const auto created = co_await tables_.call("CreateTable", create_table_body(table), credentials_, false);
    if (created)
        co_return fmt::format("{}: created", table.name);
    if (created.error().type == "ResourceInUseException")
        co_return fmt::format("{}: already exists", table.name);
    co_return std::unexpected(store_error_from(created.error(), {}));
}

Task<StoreResult<void>> TableSetup::wait_until_active(const TableDescription& table)
{
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (int poll = 0; poll < max_polls; ++poll) {
        const auto response = co_await tables_.call("DescribeTable", table_name_body(table), credentials_);
        if (!response && response.error().type != "ResourceNotFoundException")
            co_return std::unexpected(store_error_from(response.error(), {}));
        if (response && text_of(map_in(*response, "Table"), "TableStatus") == "ACTIVE")
            co_return StoreResult<void>();
        timer.expires_after(poll_interval);
        co_await timer.async_wait(asio::use_awaitable);
    }
    co_return std::unexpected(
        StoreError{.code = StoreError::Code::unavailable,
                   .detail = fmt::format("table {} did not become active within a minute; run: estante tables check",
                                         table.name)});
}

// A table that was restored from a backup has no stream.
Task<std::string> TableSetup::enable_stream(const TableDescription& table)
{
    const auto described = co_await tables_.call("DescribeTable", table_name_body(table), credentials_);
    if (!described || has_stream(map_in(*described, "Table")))
        co_return std::string();
    const auto done =
        co_await tables_.call("UpdateTable",
                              fmt::format(R"({{"TableName":"{}","StreamSpecification":{{"StreamEnabled":true,)"
                                          R"("StreamViewType":"NEW_AND_OLD_IMAGES"}}}})",
                                          table.name),
                              credentials_);
    co_return done ? fmt::format("{}: its stream is on", table.name)
                   : fmt::format("{}: its stream could not be enabled: {}", table.name, reason_of(done.error()));
}

Task<std::string> TableSetup::enable_ttl(const TableDescription& table)
{
    const auto described = co_await tables_.call("DescribeTimeToLive", table_name_body(table), credentials_);
    if (described) {
        const auto status = text_of(map_in(*described, "TimeToLiveDescription"), "TimeToLiveStatus");
        if (status == "ENABLED" || status == "ENABLING")
            co_return std::string();
    }
    const auto done = co_await tables_.call(
        "UpdateTimeToLive",
        fmt::format(R"({{"TableName":"{}","TimeToLiveSpecification":{{"AttributeName":"{}","Enabled":true}}}})",
                    table.name, table.ttl_attribute),
        credentials_);
    co_return done ? fmt::format("{}: items expire by {}", table.name, table.ttl_attribute)
                   : fmt::format("{}: time to live could not be enabled: {}", table.name, reason_of(done.error()));
}

Task<std::string> TableSetup::enable_point_in_time_recovery(const TableDescription& table)
{
    const auto done = co_await tables_.call(
        "UpdateContinuousBackups",
        fmt::format(R"({{"TableName":"{}","PointInTimeRecoverySpecification":{{"PointInTimeRecoveryEnabled":true}}}})",
                    table.name),
        credentials_);
    co_return done
        ? fmt::format("{}: point-in-time recovery is on", table.name)
        : fmt::format("{}: point-in-time recovery could not be enabled: {}", table.name, reason_of(done.error()));
}

Task<StoreResult<std::vector<std::string>>> TableSetup::create()
{
    std::vector<std::string> lines;
    for (const Table table : all_tables) {
        auto created = co_await create_table(describe_table(table, stage_));
        if (!created)
            co_return std::unexpected(std::move(created.error()));
        lines.push_back(std::move(*created));
    }
    for (const Table table : all_tables) {
        const auto description = describe_table(table, stage_);
        if (auto active = co_await wait_until_active(description); !active)
            co_return std::unexpected(std::move(active.error()));
        if (auto line = co_await enable_stream(description); !line.empty())
            lines.push_back(std::move(line));
        if (auto line = co_await enable_ttl(description); !line.empty())
            lines.push_back(std::move(line));
        lines.push_back(co_await enable_point_in_time_recovery(description));
    }
    co_return lines;
}

Task<StoreResult<void>> TableSetup::check_table(const TableDescription& table, std::vector<std::string>& differences)
{
    const auto response = co_await tables_.call("DescribeTable", table_name_body(table), credentials_);
    if (!response && response.error().type == "ResourceNotFoundException") {
        differences.push_back(fmt::format("{}: there is no such table; estante tables create", table.name));
        co_return StoreResult<void>();
    }
    if (!response)
        co_return std::unexpected(store_error_from(response.error(), {}));
    const Map& described = map_in(*response, "Table");
    compare_keys(table, described, differences);
    compare_settings(table, described, differences);

    const auto expiry = co_await tables_.call("DescribeTimeToLive", table_name_body(table), credentials_);
    const Map none;
    const Map& ttl = expiry ? map_in(*expiry, "TimeToLiveDescription") : none;
    if (!text_of(ttl, "TimeToLiveStatus").starts_with("ENABL") || text_of(ttl, "AttributeName") != table.ttl_attribute)
        differences.push_back(
            fmt::format("{}: time to live is not on {}; estante tables create", table.name, table.ttl_attribute));

    const auto backups = co_await tables_.call("DescribeContinuousBackups", table_name_body(table), credentials_);
    if (!backups && backups.error().type == "UnknownOperationException")
        co_return StoreResult<void>(); // a custom endpoint without backups
    const Map& recovery =
        backups ? map_in(map_in(*backups, "ContinuousBackupsDescription"), "PointInTimeRecoveryDescription") : none;
    if (text_of(recovery, "PointInTimeRecoveryStatus") != "ENABLED")
        differences.push_back(fmt::format("{}: point-in-time recovery is not on; estante tables create", table.name));
    co_return StoreResult<void>();
}

Task<StoreResult<std::vector<std::string>>> TableSetup::check()
{
    std::vector<std::string> differences;
    for (const Table table : all_tables) {
        if (auto checked = co_await check_table(describe_table(table, stage_), differences); !checked)
            co_return std::unexpected(std::move(checked.error()));
    }
    co_return differences;
}

} // namespace estante::dynamodb

#include "adapters/dynamodb/stream_shards.hpp"

#include "adapters/dynamodb/attribute_values.hpp"
#include "adapters/dynamodb/store_errors.hpp"
#include "codec/json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante::dynamodb {

namespace {

std::string to_json_string(std::string_view text)
{
    std::string out;
    json::write_string(out, text);
    return out;
}

std::optional<Item> parse_image(const Map& record, std::string_view name)
{
    const Map& found = map_in(record, name);
    return found.empty() ? std::nullopt : std::optional(item_from(found));
}

// An image with an unsupported value is omitted: a record is a hint, and reading the item will report the error.
StreamRecord parse_record(Table table, const Map& record)
{
    const Map& stream = map_in(record, "dynamodb");
    const Item key = item_from(map_in(stream, "Keys"));
    StreamRecord parsed{.change = {.table = table, .key = key_of(key)},
                        .sequence = std::string(text_of(stream, "SequenceNumber"))};
    if (const Value* at = find(stream, "ApproximateCreationDateTime"); at && at->if_number())
        parsed.change.at_ms = static_cast<std::int64_t>(at->if_number()->to_double() * 1000);
    try {
        parsed.change.before = parse_image(stream, "OldImage");
        parsed.change.after = parse_image(stream, "NewImage");
    } catch (const UnsupportedValue&) {
        parsed.change.before.reset();
        parsed.change.after.reset();
    }
    return parsed;
}

} // namespace

Task<StoreResult<std::string>> StreamShards::stream_arn(Table table)
{
    std::string& arn = arns_[static_cast<std::size_t>(table)];
    if (!arn.empty())
        co_return arn;
    const auto& name = context_.request_bodies.table_name(table);
    const auto response =
        co_await context_.tables.call("DescribeTable", fmt::format(R"({{"TableName":"{}"}})", name), *credentials_);
    if (!response)
        co_return std::unexpected(store_error_from(response.error(), {}));
    arn = text_of(map_in(*response, "Table"), "LatestStreamArn");
    if (arn.empty())
        co_return std::unexpected(
            StoreError{.code = StoreError::Code::unavailable,
                       .detail = fmt::format("table {} has no stream; run: estante tables check", name)});
    co_return arn;
}

Task<StoreResult<void>> StreamShards::list_table(Table table, std::vector<Shard>& shards)
{
    const auto arn = co_await stream_arn(table);
    if (!arn)
        co_return std::unexpected(arn.error());
    std::string after;
    do {
        auto body = fmt::format(R"({{"StreamArn":{})", to_json_string(*arn));
        if (!after.empty())
            body += R"(,"ExclusiveStartShardId":)" + to_json_string(after);
        const auto response = co_await context_.streams.call("DescribeStream", body + "}", *credentials_);
        if (!response)
            co_return std::unexpected(store_error_from(response.error(), {}));
        const Map& stream = map_in(*response, "StreamDescription");
        for (const Value& entry : list_in(stream, "Shards")) {
            const Map* shard = entry.if_map();
            if (shard)
                shards.push_back({.table = table,
                                  .id = std::string(text_of(*shard, "ShardId")),
                                  .parent = std::string(text_of(*shard, "ParentShardId"))});
        }
        after = text_of(stream, "LastEvaluatedShardId");
    } while (!after.empty());
    co_return StoreResult<void>();
}

Task<StoreResult<std::vector<Shard>>> StreamShards::list()
{
    std::vector<Shard> shards;
    for (const Table table : all_tables) {
        if (const auto listed = co_await list_table(table, shards); !listed)
            co_return std::unexpected(listed.error());
    }
    for (Shard& shard : shards)
        shard.closed = std::ranges::any_of(
            shards, [&shard](const Shard& other) { return other.table == shard.table && other.parent == shard.id; });
    co_return shards;
}

Task<StoreResult<std::string>> StreamShards::iterator(const Shard& shard, const ShardPosition& position, bool latest)
{
    const auto arn = co_await stream_arn(shard.table);
    if (!arn)
        co_return std::unexpected(arn.error());
    auto body = fmt::format(R"({{"StreamArn":{},"ShardId":{},"ShardIteratorType":)", to_json_string(*arn),
                            to_json_string(shard.id));
    if (latest)
        body += R"("LATEST"})";
    else if (position.sequence.empty())
        body += R"("TRIM_HORIZON"})";
    else
        body += R"("AFTER_SEQUENCE_NUMBER","SequenceNumber":)" + to_json_string(position.sequence) + "}";
    const auto response = co_await context_.streams.call("GetShardIterator", std::move(body), *credentials_);
    if (!response && response.error().type == "TrimmedDataAccessException")
        co_return std::string();
    if (!response)
        co_return std::unexpected(store_error_from(response.error(), {}));
    co_return std::string(text_of(*response, "ShardIterator"));
}

Task<StoreResult<RecordBatch>> StreamShards::read(const Shard& shard, std::string iterator, std::size_t limit)
{
    const auto response = co_await context_.streams.call(
        "GetRecords", fmt::format(R"({{"ShardIterator":{},"Limit":{}}})", to_json_string(iterator), limit),
        *credentials_);
    if (!response && response.error().type == "ExpiredIteratorException")
        co_return RecordBatch{.iterator_expired = true};
    if (!response && response.error().type == "TrimmedDataAccessException")
        co_return RecordBatch{.position_trimmed = true};
    if (!response)
        co_return std::unexpected(store_error_from(response.error(), {}));
    RecordBatch batch{.next_iterator = std::string(text_of(*response, "NextShardIterator"))};
    for (const Value& record : list_in(*response, "Records")) {
        if (const Map* map = record.if_map())
            batch.records.push_back(parse_record(shard.table, *map));
    }
    co_return batch;
}

} // namespace estante::dynamodb

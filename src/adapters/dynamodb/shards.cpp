#include "adapters/dynamodb/shards.hpp"

#include "adapters/dynamodb/attribute_values.hpp"
#include "adapters/dynamodb/failures.hpp"
#include "codec/json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante::dynamodb {

namespace {

std::string quoted(std::string_view text)
{
    std::string out;
    json::write_string(out, text);
    return out;
}

std::optional<Item> image(const Map& record, std::string_view name)
{
    const Map& found = map_in(record, name);
    return found.empty() ? std::nullopt : std::optional(item_from(found));
}

// An image that is none of ours is left out: a record is a hint, and whoever reads the item hears of it.
Record record_from(Table table, const Map& record)
{
    const Map& stream = map_in(record, "dynamodb");
    const Item key = item_from(map_in(stream, "Keys"));
    Record read{.change = {.table = table, .key = key_of(key)},
                .sequence = std::string(text_of(stream, "SequenceNumber"))};
    if (const Value* at = find(stream, "ApproximateCreationDateTime"); at && at->if_number())
        read.change.at_ms = static_cast<std::int64_t>(at->if_number()->to_double() * 1000);
    try {
        read.change.before = image(stream, "OldImage");
        read.change.after = image(stream, "NewImage");
    } catch (const NotOurs&) {
        read.change.before.reset();
        read.change.after.reset();
    }
    return read;
}

} // namespace

Task<StoreResult<std::string>> Shards::arn_of(Table table)
{
    std::string& arn = arns_[static_cast<std::size_t>(table)];
    if (!arn.empty())
        co_return arn;
    const auto& name = database_.requests.table_name(table);
    const auto answer =
        co_await database_.tables.call("DescribeTable", fmt::format(R"({{"TableName":"{}"}})", name), *credentials_);
    if (!answer)
        co_return std::unexpected(store_error_from(answer.error(), {}));
    arn = text_of(map_in(*answer, "Table"), "LatestStreamArn");
    if (arn.empty())
        co_return std::unexpected(
            StoreError{.code = StoreError::Code::unavailable,
                       .detail = fmt::format("table {} has no stream; estante tables check", name)});
    co_return arn;
}

Task<StoreResult<void>> Shards::list_table(Table table, std::vector<Shard>& shards)
{
    const auto arn = co_await arn_of(table);
    if (!arn)
        co_return std::unexpected(arn.error());
    std::string after;
    do {
        auto body = fmt::format(R"({{"StreamArn":{})", quoted(*arn));
        if (!after.empty())
            body += R"(,"ExclusiveStartShardId":)" + quoted(after);
        const auto answer = co_await database_.streams.call("DescribeStream", body + "}", *credentials_);
        if (!answer)
            co_return std::unexpected(store_error_from(answer.error(), {}));
        const Map& stream = map_in(*answer, "StreamDescription");
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

Task<StoreResult<std::vector<Shard>>> Shards::list()
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

Task<StoreResult<std::string>> Shards::iterator(const Shard& shard, const ShardPlace& place, bool latest)
{
    const auto arn = co_await arn_of(shard.table);
    if (!arn)
        co_return std::unexpected(arn.error());
    auto body = fmt::format(R"({{"StreamArn":{},"ShardId":{},"ShardIteratorType":)", quoted(*arn), quoted(shard.id));
    if (latest)
        body += R"("LATEST"})";
    else if (place.sequence.empty())
        body += R"("TRIM_HORIZON"})";
    else
        body += R"("AFTER_SEQUENCE_NUMBER","SequenceNumber":)" + quoted(place.sequence) + "}";
    const auto answer = co_await database_.streams.call("GetShardIterator", std::move(body), *credentials_);
    if (!answer && answer.error().type == "TrimmedDataAccessException")
        co_return std::string();
    if (!answer)
        co_return std::unexpected(store_error_from(answer.error(), {}));
    co_return std::string(text_of(*answer, "ShardIterator"));
}

Task<StoreResult<Records>> Shards::read(const Shard& shard, std::string iterator, std::size_t limit)
{
    const auto answer = co_await database_.streams.call(
        "GetRecords", fmt::format(R"({{"ShardIterator":{},"Limit":{}}})", quoted(iterator), limit), *credentials_);
    if (!answer && answer.error().type == "ExpiredIteratorException")
        co_return Records{.expired = true};
    if (!answer && answer.error().type == "TrimmedDataAccessException")
        co_return Records{.trimmed = true};
    if (!answer)
        co_return std::unexpected(store_error_from(answer.error(), {}));
    Records read{.next = std::string(text_of(*answer, "NextShardIterator"))};
    for (const Value& record : list_in(*answer, "Records")) {
        if (const Map* map = record.if_map())
            read.records.push_back(record_from(shard.table, *map));
    }
    co_return read;
}

} // namespace estante::dynamodb

// The operations of DynamoDB Streams: lists the shards and reads their records.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
#pragma once

#include "adapters/dynamodb/store_context.hpp"
#include "adapters/dynamodb/stream_checkpoint.hpp"
#include "ports/change_stream.hpp"

#include <memory>
#include <string>
#include <vector>

namespace estante::dynamodb {

struct Shard {
    Table table = Table::users;
    std::string id{};
    std::string parent{}; // the parent shard's id; empty without one
    bool closed = false;  // it has a child, so no further records are added to it

    std::string name() const { return std::string(name_of(table)) + "/" + id; }
};

struct StreamRecord {
    Change change{}; // without a position
    std::string sequence{};
};

struct RecordBatch {
    std::vector<StreamRecord> records{};
    std::string next_iterator{};   // empty: the end of the shard
    bool iterator_expired = false; // get another iterator
    bool position_trimmed = false; // the position is older than the stream's retention: begin with the oldest record
};

class StreamShards {
public:
    StreamShards(StoreContext& context, std::shared_ptr<aws::CredentialsProvider> credentials)
        : context_(context), credentials_(std::move(credentials))
    {
    }

    Task<StoreResult<std::vector<Shard>>> list();
    // After the position's sequence, or at the oldest record; `latest`: after the newest. Empty when the position was
    // trimmed.
    Task<StoreResult<std::string>> iterator(const Shard& shard, const ShardPosition& position, bool latest);
    Task<StoreResult<RecordBatch>> read(const Shard& shard, std::string iterator, std::size_t limit);

private:
    StoreContext& context_;
    std::shared_ptr<aws::CredentialsProvider> credentials_;
    std::string arns_[std::size(all_tables)];

    Task<StoreResult<std::string>> stream_arn(Table table);
    Task<StoreResult<void>> list_table(Table table, std::vector<Shard>& shards);
};

} // namespace estante::dynamodb

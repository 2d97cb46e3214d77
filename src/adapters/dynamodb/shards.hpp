// The calls of DynamoDB Streams: which shards there are, and the records in one.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
#pragma once

#include "adapters/dynamodb/checkpoint.hpp"
#include "adapters/dynamodb/database.hpp"
#include "ports/change_stream.hpp"

#include <memory>
#include <string>
#include <vector>

namespace estante::dynamodb {

struct Shard {
    Table table = Table::users;
    std::string id{};
    std::string parent{}; // its id; empty without one
    bool closed = false;  // it has a child: no record will come any more

    std::string name() const { return std::string(name_of(table)) + "/" + id; }
};

struct Record {
    Change change{}; // without a position
    std::string sequence{};
};

struct Records {
    std::vector<Record> records{};
    std::string next{};   // the next iterator; empty: the shard has been read to its end
    bool expired = false; // the iterator was too old: get another
    bool trimmed = false; // the place is older than what is kept: begin with the oldest
};

class Shards {
public:
    Shards(Database& database, std::shared_ptr<aws::Credentials> credentials)
        : database_(database), credentials_(std::move(credentials))
    {
    }

    Task<StoreResult<std::vector<Shard>>> list();
    // After the place's sequence, or at the oldest record; `latest`: after the newest. Empty when the place is trimmed.
    Task<StoreResult<std::string>> iterator(const Shard& shard, const ShardPlace& place, bool latest);
    Task<StoreResult<Records>> read(const Shard& shard, std::string iterator, std::size_t limit);

private:
    Database& database_;
    std::shared_ptr<aws::Credentials> credentials_;
    std::string arns_[std::size(all_tables)];

    Task<StoreResult<std::string>> arn_of(Table table);
    Task<StoreResult<void>> list_table(Table table, std::vector<Shard>& shards);
};

} // namespace estante::dynamodb

// The change stream port over DynamoDB Streams, for servers that run on DynamoDB without Lambda.
//
// Parents are read before their children, so the changes of an item come in order. Checkpoints are items of the users
// table (`operator#STREAM`); what they themselves change is left out of the stream. Two servers that drive one
// processor each see all changes.
#pragma once

#include "adapters/dynamodb/shards.hpp"
#include "ports/change_stream.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace estante::dynamodb {

class Changes final : public ChangeStream {
public:
    // `items` keeps the checkpoints. Both outlive this.
    Changes(Database& database, ItemStore& items, std::shared_ptr<aws::Credentials> credentials)
        : database_(database), items_(items), shards_(database, std::move(credentials))
    {
    }

    Task<StoreResult<std::vector<Change>>> next(std::string processor, std::size_t limit) override;
    Task<StoreResult<std::vector<Change>>> next_after(std::string processor, std::string position,
                                                      std::size_t limit) override;
    Task<StoreResult<void>> acknowledge(std::string processor, std::string position) override;
    Task<StoreResult<std::optional<std::string>>> acknowledged(std::string processor) override;
    // The stream keeps 24 hours.
    Task<StoreResult<bool>> rewind(std::string processor, std::int64_t from_ms) override;
    Task<StoreResult<std::optional<StreamLag>>> lag(std::string) override { co_return std::nullopt; }
    Task<StoreResult<std::string>> newest() override;
    void on_commit(std::function<void()> wake) override;
    std::chrono::milliseconds poll_interval() const override { return database_.options.poll_every; }

    std::optional<std::chrono::milliseconds> retention() const override { return std::chrono::hours(24); }

    void committed(); // calls the wakes

private:
    // How far a shard was read, ahead of what was acknowledged.
    struct Reading {
        std::string iterator{};
        ShardPlace read{};
        std::size_t pending = 0; // records in the buffer
        bool exhausted = false;
    };
    struct Pending {
        Change change;
        std::string shard;
        std::string sequence;
    };
    struct Reader {
        Checkpoint acknowledged{};
        std::string last{}; // the position that was acknowledged
        std::map<std::string, Reading> readings{};
        std::deque<Pending> buffer{};
        std::vector<Shard> shards{};
        std::chrono::steady_clock::time_point listed{};
        std::chrono::steady_clock::time_point looked{};
        bool loaded = false;
    };

    Database& database_;
    ItemStore& items_;
    Shards shards_;
    std::mutex mutex_;
    std::map<std::string, Reader> readers_;
    std::map<std::string, std::string> latest_; // iterators of newest(), by shard name
    std::vector<std::function<void()>> wakes_;

    Task<StoreResult<std::vector<Change>>> hand_on(std::string processor, std::string after, std::size_t limit);
    Task<StoreResult<Checkpoint>> newest_places();
    Reader& reader_of(const std::string& processor);
    Task<StoreResult<void>> load(const std::string& processor, Reader& reader);
    Task<StoreResult<void>> save(const std::string& processor, const Reader& reader);
    Task<StoreResult<void>> fill(Reader& reader, std::size_t limit);
    Task<StoreResult<void>> refresh_shards(Reader& reader);
    Task<StoreResult<void>> read_shard(Reader& reader, const Shard& shard);
    Task<StoreResult<std::string>> iterator_for(Reading& reading, const Shard& shard);
    void take(Reader& reader, const std::string& shard, Reading& reading, Records records);
    void advance_stamps(const Change& change);
    static bool is_readable(const Reader& reader, const Shard& shard);
    static void end_if_read(Reader& reader, const std::string& shard, const Reading& reading);
};

} // namespace estante::dynamodb

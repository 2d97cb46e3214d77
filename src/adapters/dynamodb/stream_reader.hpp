// Reads the change streams of all three tables for one processor: in order per item, ahead of what is acknowledged.
#pragma once

#include "adapters/dynamodb/store_context.hpp"
#include "adapters/dynamodb/stream_checkpoint.hpp"
#include "adapters/dynamodb/stream_shards.hpp"
#include "ports/change_stream.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace estante::dynamodb {

// Iterators behind the newest record, by shard name. A sequence number is known only after a record was read, so until
// then an iterator is the exact position. It expires after 15 minutes. Any thread.
class LatestIterators {
public:
    void put(const std::string& shard, std::string iterator);
    std::optional<std::string> take(const std::string& shard);
    void clear();

private:
    std::mutex mutex_;
    std::map<std::string, std::string> iterators_;
};

// One caller at a time.
class StreamReader {
public:
    // All arguments outlive the reader.
    StreamReader(StoreContext& context, StreamShards& stream_shards, LatestIterators& latest)
        : context_(&context), stream_shards_(&stream_shards), latest_(&latest)
    {
    }

    // Continues behind `checkpoint`. `last_position` is the last acknowledged position.
    void start(StreamCheckpoint checkpoint, std::string last_position);
    bool is_started() const { return is_started_; }

    // Up to `limit` changes after `position`; empty or unknown: after what is acknowledged. Fails only when nothing is
    // buffered.
    Task<StoreResult<std::vector<Change>>> changes_after(std::string position, std::size_t limit);
    // Everything through `position`. False when it is not in the buffer: it was acknowledged before.
    bool acknowledge(const std::string& position);

    const StreamCheckpoint& checkpoint() const { return acknowledged_; }
    const std::string& last_position() const { return last_position_; }

private:
    // How far a shard was read.
    struct ShardProgress {
        std::string iterator{};
        ShardPosition position{};
        std::size_t buffered_count = 0;
        bool is_exhausted = false;
    };
    struct BufferedChange {
        Change change;
        std::string shard;
        std::string sequence;
    };

    StoreContext* context_;
    StreamShards* stream_shards_;
    LatestIterators* latest_;
    StreamCheckpoint acknowledged_{};
    std::string last_position_{};
    std::map<std::string, ShardProgress> progress_{}; // by shard name
    std::deque<BufferedChange> buffer_{};
    std::vector<Shard> shards_{};
    std::chrono::steady_clock::time_point listed_at_{};
    std::chrono::steady_clock::time_point polled_at_{};
    bool is_started_ = false;

    Task<StoreResult<void>> fill_buffer(std::size_t size);
    Task<StoreResult<void>> list_shards();
    Task<StoreResult<void>> read_shard(const Shard& shard);
    Task<StoreResult<std::string>> iterator_for(ShardProgress& progress, const Shard& shard);
    void buffer_records(const std::string& shard, ShardProgress& progress, RecordBatch batch);
    void advance_versions(const Change& change);
    bool is_read(const std::string& shard) const;
    bool is_readable(const Shard& shard) const;
    void mark_done_if_read(const std::string& shard, const ShardProgress& progress);
};

} // namespace estante::dynamodb

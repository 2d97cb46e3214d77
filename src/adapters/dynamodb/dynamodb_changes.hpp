// The change stream port on DynamoDB Streams, for servers that run on DynamoDB without Lambda.
//
// Parent shards are read before their children, so the changes of an item come in order. Checkpoints are items of the
// users table (`operator#STREAM`); the changes of those items themselves are left out. When two servers run the same
// processor, each of them sees all changes.
#pragma once

#include "adapters/dynamodb/stream_reader.hpp"
#include "adapters/dynamodb/stream_shards.hpp"
#include "ports/change_stream.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace estante::dynamodb {

class Changes final : public ChangeStream {
public:
    // `items` stores the checkpoints. Context and items outlive this.
    Changes(StoreContext& context, ItemStore& items, std::shared_ptr<aws::CredentialsProvider> credentials)
        : context_(context), items_(items), shards_(context, std::move(credentials))
    {
    }

    Task<StoreResult<std::vector<Change>>> next(std::string processor, std::size_t limit) override;
    Task<StoreResult<std::vector<Change>>> next_after(std::string processor, std::string position,
                                                      std::size_t limit) override;
    Task<StoreResult<void>> acknowledge(std::string processor, std::string position) override;
    Task<StoreResult<std::optional<std::string>>> acknowledged(std::string processor) override;
    Task<StoreResult<bool>> rewind(std::string processor, std::int64_t from_ms) override; // at most 24 hours back
    Task<StoreResult<std::optional<StreamLag>>> lag(std::string) override { co_return std::nullopt; }
    Task<StoreResult<std::string>> newest() override;
    void on_commit(std::function<void()> wake) override;
    std::chrono::milliseconds poll_interval() const override { return context_.options.poll_interval; }

    std::optional<std::chrono::milliseconds> retention() const override { return std::chrono::hours(24); }

    void wake_readers(); // calls what was given to on_commit()

private:
    StoreContext& context_;
    ItemStore& items_;
    StreamShards shards_;
    LatestIterators latest_;
    std::mutex mutex_;
    std::map<std::string, StreamReader> readers_; // by processor
    std::vector<std::function<void()>> wakes_;

    StreamReader& reader_of(const std::string& processor);
    Task<StoreResult<StreamCheckpoint>> newest_checkpoint();
    Task<StoreResult<void>> load_checkpoint(const std::string& processor, StreamReader& reader);
    Task<StoreResult<void>> save_checkpoint(const std::string& processor, const StreamReader& reader);
};

} // namespace estante::dynamodb

#include "adapters/dynamodb/dynamodb_changes.hpp"

#include "codec/json.hpp"
#include "ports/rules/item_rules.hpp"
#include "ports/rules/partitions.hpp"

#include <algorithm>

namespace estante::dynamodb {

namespace {

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
constexpr std::int64_t retention_ms = 24LL * 3600 * 1000;
constexpr std::int64_t clock_tolerance_ms = 90'000; // records have times in seconds; one emulator rounds to minutes

Key checkpoint_key(const std::string& processor)
{
    return {std::string(checkpoints_partition), processor};
}

// "{table}/{shard id} {sequence}"
bool is_record_position(std::string_view text)
{
    const auto slash = text.find('/');
    const auto space = text.find(' ');
    return slash > 0 && space != text.npos && slash < space && space + 1 < text.size();
}

} // namespace

StreamReader& Changes::reader_of(const std::string& processor)
{
    const std::lock_guard lock(mutex_);
    return readers_.try_emplace(processor, context_, shards_, latest_).first->second; // references stay valid
}

void Changes::on_commit(std::function<void()> wake)
{
    const std::lock_guard lock(mutex_);
    wakes_.push_back(std::move(wake));
}

void Changes::wake_readers()
{
    std::unique_lock lock(mutex_);
    const auto wakes = wakes_;
    lock.unlock();
    for (const auto& wake : wakes)
        wake();
}

Task<StoreResult<void>> Changes::load_checkpoint(const std::string& processor, StreamReader& reader)
{
    if (processor.starts_with(live_processor_prefix)) {
        auto newest = co_await newest_checkpoint();
        if (!newest)
            co_return std::unexpected(newest.error());
        reader.start(std::move(*newest), {});
        co_return StoreResult<void>();
    }
    const auto item = co_await items_.get(Table::users, checkpoint_key(processor));
    if (!item)
        co_return std::unexpected(item.error());
    const Value* positions = *item ? find(**item, "places") : nullptr;
    reader.start(positions && positions->if_map() ? checkpoint_from(*positions->if_map()) : StreamCheckpoint(), {});
    co_return StoreResult<void>();
}

Task<StoreResult<void>> Changes::save_checkpoint(const std::string& processor, const StreamReader& reader)
{
    if (processor.starts_with(live_processor_prefix))
        co_return StoreResult<void>();
    const Key key = checkpoint_key(processor);
    co_return co_await items_.put({.table = Table::users,
                                   .item = {{"pk", key.pk},
                                            {"sk", key.sk},
                                            {"places", to_map(reader.checkpoint())},
                                            {"last", reader.last_position()}}});
}

Task<StoreResult<std::vector<Change>>> Changes::next(std::string processor, std::size_t limit)
{
    co_return co_await next_after(std::move(processor), {}, limit);
}

Task<StoreResult<std::vector<Change>>> Changes::next_after(std::string processor, std::string position,
                                                           std::size_t limit)
{
    StreamReader& reader = reader_of(processor);
    if (!reader.is_started()) {
        if (const auto loaded = co_await load_checkpoint(processor, reader); !loaded)
            co_return std::unexpected(loaded.error());
    }
    co_return co_await reader.changes_after(std::move(position), limit);
}

Task<StoreResult<void>> Changes::acknowledge(std::string processor, std::string position)
{
    StreamReader& reader = reader_of(processor);
    if (position.starts_with('{')) { // from newest()
        const auto checkpoint = json::parse(position);
        if (!checkpoint || !checkpoint->if_map())
            co_return store_error(StoreError::Code::invalid, "not a position of this stream");
        reader.start(checkpoint_from(*checkpoint->if_map()), position);
        co_return co_await save_checkpoint(processor, reader);
    }
    if (!is_record_position(position))
        co_return store_error(StoreError::Code::invalid, "not a position of this stream");
    if (!reader.acknowledge(position))
        co_return StoreResult<void>(); // acknowledged before
    co_return co_await save_checkpoint(processor, reader);
}

Task<StoreResult<std::optional<std::string>>> Changes::acknowledged(std::string processor)
{
    const auto item = co_await items_.get(Table::users, checkpoint_key(processor));
    if (!item)
        co_return std::unexpected(item.error());
    const Value* last = *item ? find(**item, "last") : nullptr;
    const auto* text = last ? last->if_string() : nullptr;
    co_return text ? std::optional(std::string(*text)) : std::nullopt;
}

Task<StoreResult<bool>> Changes::rewind(std::string processor, std::int64_t from_ms)
{
    if (from_ms < context_.clock.now_ms() - retention_ms + clock_tolerance_ms)
        co_return false;
    const auto shards = co_await shards_.list();
    if (!shards)
        co_return std::unexpected(shards.error());
    latest_.clear(); // positions of newest() are later than this one
    StreamCheckpoint checkpoint;
    for (const Shard& shard : *shards)
        checkpoint[shard.name()] = {.since_ms = from_ms - clock_tolerance_ms};
    StreamReader& reader = reader_of(processor);
    reader.start(std::move(checkpoint), {});
    if (const auto saved = co_await save_checkpoint(processor, reader); !saved)
        co_return std::unexpected(saved.error());
    co_return true;
}

Task<StoreResult<std::string>> Changes::newest()
{
    const auto checkpoint = co_await newest_checkpoint();
    if (!checkpoint)
        co_return std::unexpected(checkpoint.error());
    co_return json::to_text(to_map(*checkpoint));
}

Task<StoreResult<StreamCheckpoint>> Changes::newest_checkpoint()
{
    const auto shards = co_await shards_.list();
    if (!shards)
        co_return std::unexpected(shards.error());
    StreamCheckpoint checkpoint;
    for (const Shard& shard : *shards) {
        ShardPosition& position = checkpoint[shard.name()];
        if (shard.closed) {
            position.done = true;
            continue;
        }
        // The time replaces the iterator when that has expired.
        position.since_ms = context_.clock.now_ms() - clock_tolerance_ms;
        auto iterator = co_await shards_.iterator(shard, {}, true);
        if (!iterator)
            co_return std::unexpected(iterator.error());
        latest_.put(shard.name(), std::move(*iterator));
    }
    co_return checkpoint;
}

} // namespace estante::dynamodb

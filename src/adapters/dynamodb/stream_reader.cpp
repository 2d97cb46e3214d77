#include "adapters/dynamodb/stream_reader.hpp"

#include "codec/json.hpp"
#include "ports/rules/item_rules.hpp"
#include "ports/rules/partitions.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace estante::dynamodb {

namespace {

constexpr std::size_t max_records = 1000; // of one GetRecords
constexpr auto list_interval = std::chrono::seconds(30);

// The first shard of a new stream appears after some time.
bool lacks_a_table(const std::vector<Shard>& shards)
{
    return std::ranges::any_of(
        all_tables, [&](Table table) { return std::ranges::find(shards, table, &Shard::table) == shards.end(); });
}

} // namespace

void LatestIterators::put(const std::string& shard, std::string iterator)
{
    const std::lock_guard lock(mutex_);
    iterators_[shard] = std::move(iterator);
}

std::optional<std::string> LatestIterators::take(const std::string& shard)
{
    const std::lock_guard lock(mutex_);
    auto entry = iterators_.extract(shard);
    return entry ? std::optional(std::move(entry.mapped())) : std::nullopt;
}

void LatestIterators::clear()
{
    const std::lock_guard lock(mutex_);
    iterators_.clear();
}

void StreamReader::start(StreamCheckpoint checkpoint, std::string last_position)
{
    *this = StreamReader(*context_, *stream_shards_, *latest_);
    acknowledged_ = std::move(checkpoint);
    last_position_ = std::move(last_position);
    is_started_ = true;
}

Task<StoreResult<std::vector<Change>>> StreamReader::changes_after(std::string position, std::size_t limit)
{
    const auto found = std::ranges::find(buffer_, position, [](const BufferedChange& b) { return b.change.position; });
    const auto first = found == buffer_.end() ? 0 : static_cast<std::size_t>(found - buffer_.begin()) + 1;
    if (buffer_.size() < first + limit) {
        // Buffered changes are returned even when no more can be read.
        if (const auto filled = co_await fill_buffer(first + limit); !filled && buffer_.size() == first)
            co_return std::unexpected(filled.error());
    }
    std::vector<Change> changes;
    for (auto at = first; at < buffer_.size() && changes.size() < limit; ++at)
        changes.push_back(buffer_[at].change);
    co_return changes;
}

bool StreamReader::acknowledge(const std::string& position)
{
    const auto found = std::ranges::find(buffer_, position, [](const BufferedChange& b) { return b.change.position; });
    if (found == buffer_.end())
        return false;
    for (auto count = found - buffer_.begin() + 1; count > 0; --count) {
        const BufferedChange& done = buffer_.front();
        acknowledged_[done.shard] = {.sequence = done.sequence};
        ShardProgress& progress = progress_[done.shard];
        --progress.buffered_count;
        mark_done_if_read(done.shard, progress);
        buffer_.pop_front();
    }
    last_position_ = position;
    return true;
}

Task<StoreResult<void>> StreamReader::fill_buffer(std::size_t size)
{
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor,
                                    polled_at_ + context_->options.min_poll_interval);
    co_await timer.async_wait(boost::asio::use_awaitable);
    bool has_progress = true;
    bool shard_ended = false;
    while (has_progress && buffer_.size() < size) {
        if (shard_ended || lacks_a_table(shards_) || std::chrono::steady_clock::now() - listed_at_ > list_interval) {
            if (const auto listed = co_await list_shards(); !listed)
                co_return listed;
        }
        has_progress = shard_ended = false;
        for (const Shard& shard : shards_) {
            if (!is_readable(shard))
                continue;
            const auto size_before = buffer_.size();
            if (const auto read = co_await read_shard(shard); !read)
                co_return read;
            shard_ended = shard_ended || progress_[shard.name()].is_exhausted;
            has_progress = has_progress || shard_ended || buffer_.size() > size_before;
            if (buffer_.size() >= size)
                break;
        }
    }
    polled_at_ = std::chrono::steady_clock::now();
    co_return StoreResult<void>();
}

Task<StoreResult<void>> StreamReader::list_shards()
{
    auto shards = co_await stream_shards_->list();
    if (!shards)
        co_return std::unexpected(shards.error());
    shards_ = std::move(*shards);
    listed_at_ = std::chrono::steady_clock::now();
    const auto is_gone = [&](const auto& entry) {
        return std::ranges::none_of(shards_, [&](const Shard& shard) { return shard.name() == entry.first; });
    };
    std::erase_if(acknowledged_, is_gone);
    std::erase_if(progress_, [&](const auto& entry) { return entry.second.buffered_count == 0 && is_gone(entry); });
    co_return StoreResult<void>();
}

bool StreamReader::is_read(const std::string& shard) const
{
    const auto acknowledged = acknowledged_.find(shard);
    if (acknowledged != acknowledged_.end() && acknowledged->second.done)
        return true;
    const auto progress = progress_.find(shard);
    return progress != progress_.end() && progress->second.is_exhausted;
}

// A parent is read to its end before its children, so that the changes of an item stay in order.
bool StreamReader::is_readable(const Shard& shard) const
{
    if (is_read(shard.name()))
        return false;
    const auto parent = std::ranges::find_if(
        shards_, [&](const Shard& other) { return other.table == shard.table && other.id == shard.parent; });
    return shard.parent.empty() || parent == shards_.end() || is_read(parent->name());
}

Task<StoreResult<std::string>> StreamReader::iterator_for(ShardProgress& progress, const Shard& shard)
{
    if (progress.position.sequence.empty() && progress.position.since_ms) {
        if (auto latest = latest_->take(shard.name())) {
            progress.position.since_ms.reset(); // the iterator is more exact
            co_return std::move(*latest);
        }
    }
    auto iterator = co_await stream_shards_->iterator(shard, progress.position, false);
    if (iterator && iterator->empty()) { // the position was trimmed
        progress.position = {};
        iterator = co_await stream_shards_->iterator(shard, progress.position, false);
    }
    co_return iterator;
}

Task<StoreResult<void>> StreamReader::read_shard(const Shard& shard)
{
    const auto name = shard.name();
    const bool is_new = !progress_.contains(name);
    ShardProgress& progress = progress_[name];
    if (is_new) {
        if (const auto found = acknowledged_.find(name); found != acknowledged_.end())
            progress.position = found->second;
    }
    if (progress.iterator.empty()) {
        auto iterator = co_await iterator_for(progress, shard);
        if (!iterator)
            co_return std::unexpected(iterator.error());
        progress.iterator = std::move(*iterator);
    }
    auto batch = co_await stream_shards_->read(shard, progress.iterator, max_records);
    if (!batch)
        co_return std::unexpected(batch.error());
    if (batch->iterator_expired || batch->position_trimmed) {
        progress.iterator.clear(); // the next poll gets another one
        if (batch->position_trimmed)
            progress.position = {};
        co_return StoreResult<void>();
    }
    buffer_records(name, progress, std::move(*batch));
    co_return StoreResult<void>();
}

void StreamReader::buffer_records(const std::string& shard, ShardProgress& progress, RecordBatch batch)
{
    for (StreamRecord& record : batch.records) {
        const bool is_wanted = record.change.key.pk != checkpoints_partition &&
                               (!progress.position.since_ms || record.change.at_ms >= *progress.position.since_ms);
        progress.position.sequence = record.sequence;
        if (!is_wanted)
            continue;
        advance_versions(record.change);
        record.change.position = shard + " " + record.sequence;
        ++progress.buffered_count;
        buffer_.push_back({.change = std::move(record.change), .shard = shard, .sequence = std::move(record.sequence)});
    }
    if (!batch.records.empty())
        progress.position.since_ms.reset();
    progress.iterator = std::move(batch.next_iterator);
    progress.is_exhausted = progress.iterator.empty();
    mark_done_if_read(shard, progress);
}

void StreamReader::mark_done_if_read(const std::string& shard, const ShardProgress& progress)
{
    if (progress.is_exhausted && progress.buffered_count == 0)
        acknowledged_[shard] = {.done = true};
}

// Invalidates what this server has cached and another server has changed.
void StreamReader::advance_versions(const Change& change)
{
    const auto advance = [&](std::string_view partition) {
        if (!partition.empty())
            context_->partition_versions.advance(PartitionVersions::slot_of(change.table, partition));
    };
    advance(change.key.pk);
    for (const auto* image : {&change.before, &change.after}) {
        if (*image) {
            advance(text_of(**image, "gsi1pk"));
            advance(text_of(**image, "gsi2pk"));
        }
    }
}

} // namespace estante::dynamodb

#include "adapters/dynamodb/dynamodb_changes.hpp"

#include "codec/json.hpp"
#include "ports/rules/item_rules.hpp"
#include "ports/rules/partitions.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace estante::dynamodb {

namespace asio = boost::asio;

namespace {

constexpr std::size_t max_records = 1000; // of one GetRecords
constexpr auto list_every = std::chrono::seconds(30);
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
constexpr std::int64_t kept_ms = 24LL * 3600 * 1000;
constexpr std::int64_t clock_tolerance_ms = 90'000; // records tell their time to the second, one engine to the minute

Key checkpoint_key(const std::string& processor)
{
    return {std::string(checkpoints_partition), processor};
}

std::string position_of(const std::string& shard, const std::string& sequence)
{
    return shard + " " + sequence;
}

// A stream that was just turned on has its first shard a moment later.
bool lacks_a_table(const std::vector<Shard>& shards)
{
    return std::ranges::any_of(
        all_tables, [&](Table table) { return std::ranges::find(shards, table, &Shard::table) == shards.end(); });
}

bool is_position(std::string_view text)
{
    const auto slash = text.find('/');
    const auto space = text.find(' ');
    return slash > 0 && space != text.npos && slash < space && space + 1 < text.size();
}

} // namespace

Changes::Reader& Changes::reader_of(const std::string& processor)
{
    const std::lock_guard lock(mutex_);
    return readers_[processor]; // a map's elements stay where they are
}

void Changes::on_commit(std::function<void()> wake)
{
    const std::lock_guard lock(mutex_);
    wakes_.push_back(std::move(wake));
}

void Changes::committed()
{
    std::unique_lock lock(mutex_);
    const auto wakes = wakes_;
    lock.unlock();
    for (const auto& wake : wakes)
        wake();
}

Task<StoreResult<void>> Changes::load(const std::string& processor, Reader& reader)
{
    if (processor.starts_with(live_processor_prefix)) {
        auto newest = co_await newest_places();
        if (!newest)
            co_return std::unexpected(newest.error());
        reader.acknowledged = std::move(*newest);
        reader.loaded = true;
        co_return StoreResult<void>();
    }
    const auto item = co_await items_.get(Table::users, checkpoint_key(processor));
    if (!item)
        co_return std::unexpected(item.error());
    const Value* places = *item ? find(**item, "places") : nullptr;
    if (places && places->if_map())
        reader.acknowledged = checkpoint_from(*places->if_map());
    reader.loaded = true;
    co_return StoreResult<void>();
}

Task<StoreResult<void>> Changes::save(const std::string& processor, const Reader& reader)
{
    if (processor.starts_with(live_processor_prefix))
        co_return StoreResult<void>();
    const Key key = checkpoint_key(processor);
    co_return co_await items_.put(
        {.table = Table::users,
         .item = {{"pk", key.pk}, {"sk", key.sk}, {"places", to_map(reader.acknowledged)}, {"last", reader.last}}});
}

Task<StoreResult<std::vector<Change>>> Changes::next(std::string processor, std::size_t limit)
{
    co_return co_await hand_on(std::move(processor), {}, limit);
}

Task<StoreResult<std::vector<Change>>> Changes::next_after(std::string processor, std::string position,
                                                           std::size_t limit)
{
    co_return co_await hand_on(std::move(processor), std::move(position), limit);
}

// `after`: what of the buffer was handed on already; what is not there was acknowledged.
Task<StoreResult<std::vector<Change>>> Changes::hand_on(std::string processor, std::string after, std::size_t limit)
{
    Reader& reader = reader_of(processor);
    if (!reader.loaded) {
        if (const auto loaded = co_await load(processor, reader); !loaded)
            co_return std::unexpected(loaded.error());
    }
    const auto found = std::ranges::find(reader.buffer, after, [](const Pending& p) { return p.change.position; });
    const auto first = found == reader.buffer.end() ? 0 : static_cast<std::size_t>(found - reader.buffer.begin()) + 1;
    if (reader.buffer.size() < first + limit) {
        // What is at hand is handed on, even when no more can be had.
        if (const auto filled = co_await fill(reader, first + limit); !filled && reader.buffer.size() == first)
            co_return std::unexpected(filled.error());
    }
    std::vector<Change> changes;
    for (auto at = first; at < reader.buffer.size() && changes.size() < limit; ++at)
        changes.push_back(reader.buffer[at].change);
    co_return changes;
}

Task<StoreResult<void>> Changes::acknowledge(std::string processor, std::string position)
{
    Reader& reader = reader_of(processor);
    if (position.starts_with('{')) { // of newest()
        const auto places = json::parse(position);
        if (!places || !places->if_map())
            co_return store_error(StoreError::Code::invalid, "not a position of this stream");
        reader = Reader{.acknowledged = checkpoint_from(*places->if_map()), .last = position, .loaded = true};
        co_return co_await save(processor, reader);
    }
    if (!is_position(position))
        co_return store_error(StoreError::Code::invalid, "not a position of this stream");
    const auto found = std::ranges::find(reader.buffer, position, [](const Pending& p) { return p.change.position; });
    if (found == reader.buffer.end())
        co_return StoreResult<void>(); // acknowledged before
    for (auto count = found - reader.buffer.begin() + 1; count > 0; --count) {
        const Pending& done = reader.buffer.front();
        reader.acknowledged[done.shard] = {.sequence = done.sequence};
        Reading& reading = reader.readings[done.shard];
        --reading.pending;
        end_if_read(reader, done.shard, reading);
        reader.buffer.pop_front();
    }
    reader.last = std::move(position);
    co_return co_await save(processor, reader);
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
    if (from_ms < database_.clock.now_ms() - kept_ms + clock_tolerance_ms)
        co_return false;
    const auto shards = co_await shards_.list();
    if (!shards)
        co_return std::unexpected(shards.error());
    Reader& reader = reader_of(processor);
    {
        const std::lock_guard lock(mutex_);
        latest_.clear(); // places that were asked for with newest(): this one begins earlier
    }
    reader = Reader{.loaded = true};
    for (const Shard& shard : *shards)
        reader.acknowledged[shard.name()] = {.since_ms = from_ms - clock_tolerance_ms};
    if (const auto saved = co_await save(processor, reader); !saved)
        co_return std::unexpected(saved.error());
    co_return true;
}

Task<StoreResult<std::string>> Changes::newest()
{
    const auto places = co_await newest_places();
    if (!places)
        co_return std::unexpected(places.error());
    co_return json::to_text(to_map(*places));
}

Task<StoreResult<Checkpoint>> Changes::newest_places()
{
    const auto shards = co_await shards_.list();
    if (!shards)
        co_return std::unexpected(shards.error());
    Checkpoint places;
    for (const Shard& shard : *shards) {
        ShardPlace& place = places[shard.name()];
        if (shard.closed) {
            place.done = true;
            continue;
        }
        // Sequence numbers are known from records alone. An iterator holds the place exactly, for a quarter of an hour;
        // after that the time has to do.
        place.since_ms = database_.clock.now_ms() - clock_tolerance_ms;
        auto iterator = co_await shards_.iterator(shard, {}, true);
        if (!iterator)
            co_return std::unexpected(iterator.error());
        const std::lock_guard lock(mutex_);
        latest_[shard.name()] = std::move(*iterator);
    }
    co_return places;
}

Task<StoreResult<void>> Changes::refresh_shards(Reader& reader)
{
    auto shards = co_await shards_.list();
    if (!shards)
        co_return std::unexpected(shards.error());
    reader.shards = std::move(*shards);
    reader.listed = std::chrono::steady_clock::now();
    const auto is_gone = [&](const auto& entry) {
        return std::ranges::none_of(reader.shards, [&](const Shard& shard) { return shard.name() == entry.first; });
    };
    std::erase_if(reader.acknowledged, is_gone);
    std::erase_if(reader.readings, [&](const auto& entry) { return entry.second.pending == 0 && is_gone(entry); });
    co_return StoreResult<void>();
}

bool Changes::is_readable(const Reader& reader, const Shard& shard)
{
    const auto is_read = [&](const std::string& name) {
        const auto place = reader.acknowledged.find(name);
        if (place != reader.acknowledged.end() && place->second.done)
            return true;
        const auto reading = reader.readings.find(name);
        return reading != reader.readings.end() && reading->second.exhausted;
    };
    if (is_read(shard.name()))
        return false;
    const auto parent = std::ranges::find_if(
        reader.shards, [&](const Shard& other) { return other.table == shard.table && other.id == shard.parent; });
    return shard.parent.empty() || parent == reader.shards.end() || is_read(parent->name());
}

Task<StoreResult<void>> Changes::fill(Reader& reader, std::size_t limit)
{
    asio::steady_timer pause(co_await asio::this_coro::executor, reader.looked + database_.options.poll_gap);
    co_await pause.async_wait(asio::use_awaitable);
    bool again = true;
    bool ended = false;
    while (again && reader.buffer.size() < limit) {
        if (ended || lacks_a_table(reader.shards) || std::chrono::steady_clock::now() - reader.listed > list_every) {
            if (const auto listed = co_await refresh_shards(reader); !listed)
                co_return listed;
        }
        again = ended = false;
        for (const Shard& shard : reader.shards) {
            if (!is_readable(reader, shard))
                continue;
            const auto before = reader.buffer.size();
            if (const auto read = co_await read_shard(reader, shard); !read)
                co_return read;
            ended = ended || reader.readings[shard.name()].exhausted;
            again = again || ended || reader.buffer.size() > before;
            if (reader.buffer.size() >= limit)
                break;
        }
    }
    reader.looked = std::chrono::steady_clock::now();
    co_return StoreResult<void>();
}

Task<StoreResult<std::string>> Changes::iterator_for(Reading& reading, const Shard& shard)
{
    if (reading.read.sequence.empty() && reading.read.since_ms) {
        const std::lock_guard lock(mutex_);
        if (const auto latest = latest_.find(shard.name()); latest != latest_.end()) {
            auto iterator = std::move(latest->second);
            latest_.erase(latest);
            reading.read.since_ms.reset(); // the iterator knows better
            co_return iterator;
        }
    }
    auto iterator = co_await shards_.iterator(shard, reading.read, false);
    if (iterator && iterator->empty()) { // the place is no longer kept
        reading.read = {};
        iterator = co_await shards_.iterator(shard, reading.read, false);
    }
    co_return iterator;
}

Task<StoreResult<void>> Changes::read_shard(Reader& reader, const Shard& shard)
{
    const auto name = shard.name();
    const bool is_new = !reader.readings.contains(name);
    Reading& reading = reader.readings[name];
    if (is_new) {
        if (const auto place = reader.acknowledged.find(name); place != reader.acknowledged.end())
            reading.read = place->second;
    }
    if (reading.iterator.empty()) {
        auto iterator = co_await iterator_for(reading, shard);
        if (!iterator)
            co_return std::unexpected(iterator.error());
        reading.iterator = std::move(*iterator);
    }
    auto records = co_await shards_.read(shard, reading.iterator, max_records);
    if (!records)
        co_return std::unexpected(records.error());
    if (records->expired || records->trimmed) {
        reading.iterator.clear(); // the next round gets another
        if (records->trimmed)
            reading.read = {};
        co_return StoreResult<void>();
    }
    take(reader, name, reading, std::move(*records));
    co_return StoreResult<void>();
}

void Changes::take(Reader& reader, const std::string& shard, Reading& reading, Records records)
{
    for (Record& record : records.records) {
        const bool wanted = record.change.key.pk != checkpoints_partition &&
                            (!reading.read.since_ms || record.change.at_ms >= *reading.read.since_ms);
        reading.read.sequence = record.sequence;
        if (!wanted)
            continue;
        advance_stamps(record.change);
        record.change.position = position_of(shard, record.sequence);
        ++reading.pending;
        reader.buffer.push_back(
            {.change = std::move(record.change), .shard = shard, .sequence = std::move(record.sequence)});
    }
    if (!records.records.empty())
        reading.read.since_ms.reset();
    reading.iterator = std::move(records.next);
    reading.exhausted = reading.iterator.empty();
    end_if_read(reader, shard, reading);
}

void Changes::end_if_read(Reader& reader, const std::string& shard, const Reading& reading)
{
    if (reading.exhausted && reading.pending == 0)
        reader.acknowledged[shard] = {.done = true};
}

// What another server wrote is forgotten by this one's caches as soon as it is seen here.
void Changes::advance_stamps(const Change& change)
{
    const auto advance = [&](std::string_view partition) {
        if (!partition.empty())
            database_.partition_versions.advance(PartitionVersions::slot_of(change.table, partition));
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

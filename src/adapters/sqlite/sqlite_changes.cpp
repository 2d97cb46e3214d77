#include "adapters/sqlite/sqlite_changes.hpp"

#include "ports/rules/item_rules.hpp"

#include <charconv>
#include <utility>

namespace estante::sqlite {

namespace {

class AcknowledgeJob final : public WriteJob {
public:
    AcknowledgeJob(std::string processor, std::int64_t sequence) : processor_(std::move(processor)), sequence_(sequence)
    {
    }

    void execute(CommitGroup& group) override
    {
        if (sequence_ > group.newest_sequence())
            outcome = store_error(StoreError::Code::invalid, "the position is past the end of the stream");
        else
            group.acknowledge(processor_, sequence_);
    }

    StoreResult<void> outcome{};

private:
    std::string processor_;
    std::int64_t sequence_;
};

class RewindJob final : public WriteJob {
public:
    RewindJob(std::string processor, std::int64_t sequence) : processor_(std::move(processor)), sequence_(sequence) {}

    void execute(CommitGroup& group) override { group.rewind(processor_, sequence_); }

private:
    std::string processor_;
    std::int64_t sequence_;
};

std::optional<std::int64_t> sequence_of(const std::string& position)
{
    std::int64_t sequence = 0;
    const auto end = position.data() + position.size();
    const auto [rest, error] = std::from_chars(position.data(), end, sequence);
    return error == std::errc{} && rest == end && sequence >= 0 ? std::optional(sequence) : std::nullopt;
}

} // namespace

StoreResult<std::vector<Change>> SqliteChanges::changes_after(std::int64_t sequence, std::size_t limit)
{
    return readers_.read([&](Reader& reader) { return reader.changes_after(sequence, limit); });
}

StoreResult<std::int64_t> SqliteChanges::follower_position(const std::string& follower)
{
    const std::lock_guard lock(mutex_);
    const auto known = follower_positions_.find(follower);
    if (known != follower_positions_.end())
        return known->second;
    auto newest = readers_.read([](Reader& reader) { return reader.newest_change(); });
    if (newest)
        follower_positions_.emplace(follower, *newest);
    return newest;
}

Task<StoreResult<std::vector<Change>>> SqliteChanges::next(std::string processor, std::size_t limit)
{
    if (processor.starts_with(live_processor_prefix)) {
        const auto position = follower_position(processor);
        co_return position ? changes_after(*position, limit) : std::unexpected(position.error());
    }
    auto checkpoint = readers_.read([&](Reader& reader) { return reader.checkpoint(processor); });
    if (!checkpoint)
        co_return std::unexpected(std::move(checkpoint.error()));
    if (!*checkpoint) {
        AcknowledgeJob first(processor, 0);
        if (auto committed = co_await writer_.commit(first); !committed)
            co_return std::unexpected(std::move(committed.error()));
    }
    co_return changes_after(checkpoint->value_or(0), limit);
}

Task<StoreResult<std::vector<Change>>> SqliteChanges::next_after(std::string /*processor*/, std::string position,
                                                                 std::size_t limit)
{
    const auto sequence = sequence_of(position);
    if (!sequence)
        co_return store_error(StoreError::Code::invalid, "not a position of this stream");
    co_return changes_after(*sequence, limit);
}

Task<StoreResult<void>> SqliteChanges::acknowledge(std::string processor, std::string position)
{
    const auto sequence = sequence_of(position);
    if (!sequence)
        co_return store_error(StoreError::Code::invalid, "not a position of this stream");
    if (processor.starts_with(live_processor_prefix)) {
        const std::lock_guard lock(mutex_);
        auto& newest_acknowledged = follower_positions_[processor];
        newest_acknowledged = std::max(newest_acknowledged, *sequence);
        co_return StoreResult<void>();
    }
    AcknowledgeJob acknowledgement(std::move(processor), *sequence);
    if (auto committed = co_await writer_.commit(acknowledgement); !committed)
        co_return committed;
    co_return std::move(acknowledgement.outcome);
}

Task<StoreResult<std::optional<std::string>>> SqliteChanges::acknowledged(std::string processor)
{
    const auto checkpoint = readers_.read([&](Reader& reader) { return reader.checkpoint(processor); });
    if (!checkpoint)
        co_return std::unexpected(checkpoint.error());
    co_return *checkpoint ? std::optional(std::to_string(**checkpoint)) : std::nullopt;
}

Task<StoreResult<bool>> SqliteChanges::rewind(std::string processor, std::int64_t from_ms)
{
    const auto before = readers_.read([&](Reader& reader) { return reader.last_change_before(from_ms); });
    if (!before)
        co_return std::unexpected(before.error());
    if (!*before)
        co_return false;
    RewindJob rewind(std::move(processor), **before);
    if (auto committed = co_await writer_.commit(rewind); !committed)
        co_return std::unexpected(std::move(committed.error()));
    co_return true;
}

Task<StoreResult<std::optional<StreamLag>>> SqliteChanges::lag(std::string processor)
{
    co_return readers_.read([&](Reader& reader) {
        const auto done = reader.checkpoint(processor).value_or(0);
        StreamLag lag{.changes = 0, .oldest_ms = reader.first_change_ms(done)};
        if (lag.oldest_ms) // the sequence has no gaps, and no change after a checkpoint is trimmed
            lag.changes =
                static_cast<std::uint64_t>(reader.newest_change() - std::max(done, reader.oldest_change() - 1));
        return std::optional(lag);
    });
}

Task<StoreResult<std::string>> SqliteChanges::newest()
{
    co_return readers_.read([](Reader& reader) { return std::to_string(reader.newest_change()); });
}

} // namespace estante::sqlite

#include "adapters/sqlite/sqlite_changes.hpp"

#include "ports/rules/item_rules.hpp"

#include <charconv>
#include <utility>

namespace estante::sqlite {

namespace {

class Acknowledgement final : public Job {
public:
    Acknowledgement(std::string processor, std::int64_t sequence)
        : processor_(std::move(processor)), sequence_(sequence)
    {
    }

    void execute(Session& session) override
    {
        if (sequence_ > session.newest())
            outcome = store_error(StoreError::Code::invalid, "the position is beyond the stream");
        else
            session.acknowledge(processor_, sequence_);
    }

    StoreResult<void> outcome{};

private:
    std::string processor_;
    std::int64_t sequence_;
};

class Rewinding final : public Job {
public:
    Rewinding(std::string processor, std::int64_t sequence) : processor_(std::move(processor)), sequence_(sequence) {}

    void execute(Session& session) override { session.rewind(processor_, sequence_); }

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

StoreResult<std::vector<Change>> Changes::changes_after(std::int64_t sequence, std::size_t limit)
{
    return readers_.read([&](Reader& reader) { return reader.changes_after(sequence, limit); });
}

StoreResult<std::int64_t> Changes::place_of(const std::string& follower)
{
    const std::lock_guard lock(mutex_);
    const auto place = following_.find(follower);
    if (place != following_.end())
        return place->second;
    auto newest = readers_.read([](Reader& reader) { return reader.newest_change(); });
    if (newest)
        following_.emplace(follower, *newest);
    return newest;
}

Task<StoreResult<std::vector<Change>>> Changes::next(std::string processor, std::size_t limit)
{
    if (processor.starts_with(live_processor_prefix)) {
        const auto place = place_of(processor);
        co_return place ? changes_after(*place, limit) : std::unexpected(place.error());
    }
    auto checkpoint = readers_.read([&](Reader& reader) { return reader.checkpoint(processor); });
    if (!checkpoint)
        co_return std::unexpected(std::move(checkpoint.error()));
    if (!*checkpoint) {
        Acknowledgement first(processor, 0);
        if (auto committed = co_await writer_.commit(first); !committed)
            co_return std::unexpected(std::move(committed.error()));
    }
    co_return changes_after(checkpoint->value_or(0), limit);
}

Task<StoreResult<std::vector<Change>>> Changes::next_after(std::string /*processor*/, std::string position,
                                                           std::size_t limit)
{
    const auto sequence = sequence_of(position);
    if (!sequence)
        co_return store_error(StoreError::Code::invalid, "not a position of this stream");
    co_return changes_after(*sequence, limit);
}

Task<StoreResult<void>> Changes::acknowledge(std::string processor, std::string position)
{
    const auto sequence = sequence_of(position);
    if (!sequence)
        co_return store_error(StoreError::Code::invalid, "not a position of this stream");
    if (processor.starts_with(live_processor_prefix)) {
        const std::lock_guard lock(mutex_);
        auto& place = following_[processor];
        place = std::max(place, *sequence);
        co_return StoreResult<void>();
    }
    Acknowledgement acknowledgement(std::move(processor), *sequence);
    if (auto committed = co_await writer_.commit(acknowledgement); !committed)
        co_return committed;
    co_return std::move(acknowledgement.outcome);
}

Task<StoreResult<std::optional<std::string>>> Changes::acknowledged(std::string processor)
{
    const auto checkpoint = readers_.read([&](Reader& reader) { return reader.checkpoint(processor); });
    if (!checkpoint)
        co_return std::unexpected(checkpoint.error());
    co_return *checkpoint ? std::optional(std::to_string(**checkpoint)) : std::nullopt;
}

Task<StoreResult<bool>> Changes::rewind(std::string processor, std::int64_t from_ms)
{
    const auto before = readers_.read([&](Reader& reader) { return reader.last_change_before(from_ms); });
    if (!before)
        co_return std::unexpected(before.error());
    if (!*before)
        co_return false;
    Rewinding rewinding(std::move(processor), **before);
    if (auto committed = co_await writer_.commit(rewinding); !committed)
        co_return std::unexpected(std::move(committed.error()));
    co_return true;
}

Task<StoreResult<std::optional<StreamLag>>> Changes::lag(std::string processor)
{
    co_return readers_.read([&](Reader& reader) {
        const auto done = reader.checkpoint(processor).value_or(0);
        StreamLag lag{.changes = 0, .oldest_ms = reader.first_change_ms(done)};
        if (lag.oldest_ms) // numbers are without gaps, and none after a checkpoint is trimmed
            lag.changes =
                static_cast<std::uint64_t>(reader.newest_change() - std::max(done, reader.oldest_change() - 1));
        return std::optional(lag);
    });
}

Task<StoreResult<std::string>> Changes::newest()
{
    co_return readers_.read([](Reader& reader) { return std::to_string(reader.newest_change()); });
}

} // namespace estante::sqlite

// The change stream: every write of the store, at least once, in order per item, resumable from a checkpoint.
#pragma once

#include "ports/item_store.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace estante {

struct Change {
    Table table = Table::users;
    Key key{};
    std::optional<Item> before{}; // absent: an insert
    std::optional<Item> after{};  // absent: a removal
    std::int64_t at_ms = 0;       // when it was committed
    std::string position{};       // opaque; the place after this change
};

// Processors whose names begin so hold nothing back: changes past their 24 hours go whether those have read them or
// not.
inline constexpr std::string_view transient_processors = "copy-";

// Processors whose names begin so follow what happens now: their place is kept in memory alone and begins after the
// newest change when they are first heard of. They hold nothing back.
inline constexpr std::string_view following_processors = "live-";

// What a processor has not acknowledged yet.
struct StreamLag {
    std::uint64_t changes = 0;
    std::optional<std::int64_t> oldest_ms{}; // when the first of them was committed; absent: there is none
};

class ChangeStream {
public:
    virtual ~ChangeStream() = default;

    // The next changes (at most `limit`) that `processor` has not acknowledged; empty when it is up to date. A
    // processor that is new begins with the oldest change that is kept.
    virtual Task<StoreResult<std::vector<Change>>> next(std::string processor, std::size_t limit) = 0;
    // The same from behind a change that was handed on and is not acknowledged yet, for a processor that is done with
    // changes long before what it made of them is durable. `position`: of a change of this stream.
    virtual Task<StoreResult<std::vector<Change>>> next_after(std::string processor, std::string position,
                                                              std::size_t limit) = 0;
    // `processor` is done with everything up to and including this position; durable when answered.
    virtual Task<StoreResult<void>> acknowledge(std::string processor, std::string position) = 0;
    // The position that `processor` acknowledged last; nothing for one that never did.
    virtual Task<StoreResult<std::optional<std::string>>> acknowledged(std::string processor) = 0;
    // `processor` begins again with the first change committed at this time or later; durable when answered. False, and
    // nothing has changed, when the stream may have lost changes since then. No `next` of the processor runs meanwhile.
    virtual Task<StoreResult<bool>> rewind(std::string processor, std::int64_t from_ms) = 0;
    // Absent: this engine cannot tell without reading; whoever reads for the processor knows.
    virtual Task<StoreResult<std::optional<StreamLag>>> lag(std::string processor) = 0;
    // The position after the newest change, for a processor that begins with a snapshot of the tables.
    virtual Task<StoreResult<std::string>> newest() = 0;
    // Called after each commit, from the writer's thread: it must return at once and not throw.
    virtual void on_commit(std::function<void()> wake) = 0;
    // How long a reader that was not woken may wait before it looks again: others may write to the store too.
    virtual std::chrono::milliseconds poll_interval() const { return std::chrono::hours(1); }
    // How long a change is kept that a processor has not acknowledged; nothing: as long as it takes.
    virtual std::optional<std::chrono::milliseconds> keeps() const { return std::nullopt; }
};

} // namespace estante

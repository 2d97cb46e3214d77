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
    std::int64_t at_ms = 0;       // commit time
    std::string position{};       // opaque; after this change
};

// A processor with this prefix does not delay the removal of changes: changes older than 24 hours are removed even if
// it has not read them.
inline constexpr std::string_view transient_processor_prefix = "copy-";

// A processor with this prefix follows new changes only: its checkpoint is in memory and starts after the newest change
// when it first reads. It does not delay the removal of changes either.
inline constexpr std::string_view live_processor_prefix = "live-";

// The changes that a processor has not acknowledged yet.
struct StreamLag {
    std::uint64_t changes = 0;
    std::optional<std::int64_t> oldest_ms{}; // commit time of the first; absent if there is none
};

class ChangeStream {
public:
    virtual ~ChangeStream() = default;

    // The next changes, at most `limit`, that `processor` has not acknowledged; empty if it is up to date. A new
    // processor starts with the oldest retained change.
    virtual Task<StoreResult<std::vector<Change>>> next(std::string processor, std::size_t limit) = 0;
    // The same after `position`, that of a change which was delivered and not acknowledged yet. For a processor whose
    // results become durable long after it has processed a change.
    virtual Task<StoreResult<std::vector<Change>>> next_after(std::string processor, std::string position,
                                                              std::size_t limit) = 0;
    // `processor` has processed everything up to and including this position. Durable when it returns.
    virtual Task<StoreResult<void>> acknowledge(std::string processor, std::string position) = 0;
    // The last acknowledged position; nothing if there is none.
    virtual Task<StoreResult<std::optional<std::string>>> acknowledged(std::string processor) = 0;
    // Moves the checkpoint of `processor` back to before the first change committed at this time or later. Durable when
    // it returns. False, without an effect, if the stream may have removed changes since then. The caller runs no
    // `next` of the processor meanwhile.
    virtual Task<StoreResult<bool>> rewind(std::string processor, std::int64_t from_ms) = 0;
    // Absent if this engine cannot tell without reading the stream.
    virtual Task<StoreResult<std::optional<StreamLag>>> lag(std::string processor) = 0;
    // The position after the newest change, for a processor that starts with a snapshot of the tables.
    virtual Task<StoreResult<std::string>> newest() = 0;
    // `wake` is called after each commit, on the writer's thread. It must not block or throw.
    virtual void on_commit(std::function<void()> wake) = 0;
    // How long a reader that is not woken may wait until it polls: other processes may write to the store too.
    virtual std::chrono::milliseconds poll_interval() const { return std::chrono::hours(1); }
    // How long an unacknowledged change is retained; nothing: without limit.
    virtual std::optional<std::chrono::milliseconds> retention() const { return std::nullopt; }
};

} // namespace estante

// Drives a processor: reads the change stream of a store in batches, gives them to the processor's handler, and
// acknowledges them.
#pragma once

#include "background/worker.hpp"
#include "domain/result.hpp"
#include "ports/clock.hpp"
#include "ports/store.hpp"
#include "processors/item_walk.hpp"
#include "processors/process_batch.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace estante {

enum class Acknowledge {
    each_batch, // the handler's effect is durable when it returns
    later,      // it is not; the owner says which position is durable (StreamDriver::acknowledge)
};

struct StreamOptions {
    std::size_t batch = 1'000; // changes
    Acknowledge acknowledge = Acknowledge::each_batch;
    std::chrono::milliseconds retry_interval{250}; // until a failed batch is repeated
};

// Thread rules: every member may be called from any thread but the worker's, unless it says otherwise.
class StreamDriver {
public:
    // A batch whose handler throws at every change is more likely caused by a broken machine than by poison records. So
    // they go to the dead letters only after this many attempts.
    static constexpr int max_batch_attempts = 5;

    // Starts at the processor's checkpoint, and wakes the worker at each commit. The worker is this driver's alone. A
    // batch that fails is repeated after the retry interval; poison records go to the dead letters
    // (processors/process_batch.hpp). Store, clock and worker outlive it.
    StreamDriver(Store& store, Clock& clock, Worker& worker, std::string processor, BatchHandler handler,
                 StreamOptions options = {});
    ~StreamDriver(); // as stop()
    // Finishes the current batch, then acknowledges what is durable.
    void stop();

    // All changes up to this position are processed, since the start or the last rewind; empty: none. Any thread.
    std::string processed_position() const;
    // With Acknowledge::later: the effects of all changes up to `position` are durable. The worker acknowledges it
    // soon. Any thread.
    void acknowledge(std::string position);
    bool has_acknowledged() const; // every position it was given; any thread

    const std::string& processor() const;
    // Blocks until every change that was committed before the call is processed; false on timeout.
    bool wait_until_caught_up(std::chrono::milliseconds within);
    // The number of changes since the start.
    std::uint64_t processed() const;

    struct Status {
        std::string processor{};
        std::uint64_t processed = 0;
        std::optional<std::uint64_t> behind{};   // changes that are not processed yet, if the store can count them
        std::optional<std::int64_t> oldest_ms{}; // when the oldest of them was committed
        std::uint64_t dead_letters = 0;
        std::string last_error{}; // why the current batch is repeated; empty: the last batch was processed
    };
    // Throws std::runtime_error with one line when the store does not respond; so do the members below.
    Status status();

    // Continues with the changes since `from_ms`. False when the stream no longer has all of them; then the caller
    // rebuilds.
    bool rewind(std::int64_t from_ms);
    // Gives the items of the walk to the handler, between batches of the stream. `progress` gets the number of items so
    // far, on the worker's thread, and returns whether to continue. Returns the number of items.
    std::uint64_t rebuild(ItemWalk walk, std::function<bool(std::uint64_t)> progress);
    // The same without waiting; `done` runs at the end, on the worker's thread.
    void start_rebuild(ItemWalk walk, std::function<Task<void>()> done);
    ReplayResult replay_dead_letters();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace estante

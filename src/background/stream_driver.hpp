// Drives a processor with the changes of a store: on a thread of its own, woken by each commit.
#pragma once

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
#include <string>
#include <vector>

namespace estante {

enum class Acknowledge {
    each_batch, // what the step has done is durable
    later,      // it is not; the owner says how far it is (StreamDriver::acknowledge)
};

struct StreamOptions {
    std::size_t batch = 1'000; // changes at once
    Acknowledge acknowledge = Acknowledge::each_batch;
    std::chrono::milliseconds retry_interval{250}; // until a batch that failed comes again
};

class StreamDriver {
public:
    // Begins at the processor's checkpoint. Store and clock outlive it. A batch that cannot be taken in now comes again
    // after a pause; a poison change is set aside as a dead letter (processors/process_batch.hpp). When a step throws
    // at every change of a batch, the machine is more likely broken than all of them: only after `broken_tries` of the
    // batch are they set aside.
    StreamDriver(Store& store, Clock& clock, std::string processor, BatchHandler step, StreamOptions options = {});
    ~StreamDriver(); // as stop()
    // Finishes the batch in hand and what is to be acknowledged; nothing comes after it.
    void stop();

    // The position up to which all changes were taken in since the start or since it went back; empty: none were. Any
    // thread.
    std::string taken_in() const;
    // With Acknowledge::later: what was taken in up to this position is durable now. Soon it is acknowledged. Any
    // thread.
    void acknowledge(std::string position);
    bool has_acknowledged() const; // all that it was told; any thread

    static constexpr int broken_tries = 5;

    const std::string& processor() const;
    // Blocks until every change that was committed before the call has been handed on and taken in; false when that
    // takes longer. Any thread but the driver's own; so do the others below.
    bool catch_up(std::chrono::milliseconds within);
    // How many changes were handed on since the start.
    std::uint64_t processed() const;

    struct Status {
        std::string processor{};
        std::uint64_t processed = 0;
        std::optional<std::uint64_t> behind{};   // changes that were not taken in yet, when the store can tell
        std::optional<std::int64_t> oldest_ms{}; // when the oldest of them was committed
        std::uint64_t dead_letters = 0;
        std::string trouble{}; // why the last batch has to come again; empty: it was taken in
    };
    // Throws std::runtime_error with one line when the store does not answer; so do the others below.
    Status status();

    // Goes back in the stream. False when the stream does not reach so far back: then the views are rebuilt.
    bool rewind(std::int64_t from_ms);
    // Gives the processor the items of the walk between the changes that come meanwhile. `progress` hears how many
    // items there were and answers whether to go on; it runs on the driver's thread. Answers how many items.
    std::uint64_t rebuild(ItemWalk walk, std::function<bool(std::uint64_t)> progress);
    // The same without waiting for it; `done` runs when it is finished, on the driver's thread.
    void rebuild_soon(ItemWalk walk, std::function<Task<void>()> done);
    Replayed replay_dead_letters();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace estante

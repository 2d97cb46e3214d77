// Drives a processor with the changes of the embedded store: on a thread of its own, woken by each commit.
#pragma once

#include "ports/change_stream.hpp"
#include "ports/task.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace estante {

class StreamDriver {
public:
    // One step over a batch. When it throws or the stream cannot be read, the batch comes again after a pause.
    using Step = std::function<Task<void>(std::vector<Change>)>;

    enum class Acknowledge {
        each_batch, // what the step has done is durable
        later,      // it is not; the owner says how far it is (acknowledge)
    };

    // Begins at the processor's checkpoint.
    StreamDriver(ChangeStream& stream, std::string processor, Step step, Acknowledge when = Acknowledge::each_batch);
    ~StreamDriver();
    // Finishes the batch in hand and what is to be acknowledged; nothing comes after it.
    void stop();

    // The position up to which all changes were taken in since the start; empty: none were. Any thread.
    std::string taken_in() const;
    // With `later`: what was taken in up to this position is durable now. Soon it is acknowledged. Any thread.
    void acknowledge(std::string position);
    bool has_acknowledged() const; // all that it was told; any thread

    // Blocks until every change that was committed before the call has been handed on and taken in; false when that
    // takes longer. Any thread but the driver's own.
    bool catch_up(std::chrono::milliseconds within);
    // How many changes were handed on since the start; any thread.
    std::uint64_t processed() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace estante

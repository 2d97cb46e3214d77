// A thread that looks at a change stream: at its start, after each commit, when it is poked, and now and then because
// others may write to the store too.
#pragma once

#include "ports/change_stream.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace estante {

class StreamLoop {
public:
    enum class Next : std::uint8_t {
        again,  // there is more to do
        wait,   // for the next commit or poke
        failed, // the same again, after a pause
    };
    using Look = std::function<Task<Next>()>;

    // Stream and what `look` and `at_end` use outlive the loop; both run on its thread, `at_end` once after the last
    // look. What a look throws is logged under this name, and is a failure.
    StreamLoop(ChangeStream& stream, std::string name, std::chrono::milliseconds retry_interval, Look look,
               std::function<Task<void>()> at_end = {});
    ~StreamLoop(); // as stop()
    StreamLoop(const StreamLoop&) = delete;
    StreamLoop& operator=(const StreamLoop&) = delete;

    void wake(); // any thread
    // Ends after the look that is under way.
    void stop();
    // Within a look: time for what failed to recover; a poke ends it.
    Task<void> pause();

private:
    struct State;
    std::shared_ptr<State> state_; // the stream keeps what it calls after a commit
};

} // namespace estante

// A background thread that runs tasks, one step at a time.
#pragma once

#include "runtime/task.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <string>

namespace estante {

enum class StepResult : std::uint8_t {
    more,   // there is more to do: next step after those of other tasks that are due
    idle,   // nothing to do: next step after the interval, or when the worker is woken
    failed, // the same step again after the retry interval, or when the worker is woken
    done,   // no further step
};

struct BackgroundTask {
    std::string name; // in the log
    // An exception is logged and counts as `failed`.
    std::function<Task<StepResult>()> step;
    std::chrono::milliseconds interval = std::chrono::hours(1);
    std::chrono::milliseconds retry_interval{250};
    std::chrono::milliseconds first_delay{0};
};

// A task that calls `action` once an interval, the first time after one interval.
BackgroundTask periodic_task(std::string name, std::chrono::milliseconds interval, std::function<Task<void>()> action);

// Steps never overlap: a step may suspend, but the next one begins only when it has finished. So tasks of one worker
// need no locks between them, and a slow one delays the others; tasks that must not wait for each other get workers of
// their own. A worker belongs to one component, which stops it before it destroys what the steps use.
//
// Thread rules: every member may be called from any thread, stop() and the destructor not from a step.
class Worker {
public:
    // low: lower_thread_priority.
    enum class Priority : std::uint8_t { normal, low };
    // Called with what a one-time job threw, or with nothing.
    using Completion = std::function<void(std::exception_ptr)>;

    // Starts its thread with the first task.
    Worker(std::string name, Priority priority);
    ~Worker(); // as stop()
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void add(BackgroundTask task);
    // A one-time job: its steps run until one is done or throws. `completion` runs on the worker's thread. A job that
    // stop() cuts off, or that comes after it, completes with a std::runtime_error.
    void submit(BackgroundTask job, const Completion& completion);
    // The same; the future has what the job threw.
    std::future<void> submit(BackgroundTask job);

    // All tasks are due now.
    void wake();
    // A function that wakes the worker, and does nothing once the worker is gone.
    std::function<void()> waker() const;

    // No step begins after the current one. request_stop() does not wait for it, stop() does.
    void request_stop();
    void stop();
    bool is_stopping() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace estante

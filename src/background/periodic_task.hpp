// Does something again and again on a thread of its own, until it is destroyed.
#pragma once

#include "runtime/thread_priority.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace estante {

class PeriodicTask {
public:
    // `action` does not throw.
    PeriodicTask(std::chrono::milliseconds pause, std::function<void()> action)
        : thread_([this, pause, action = std::move(action)](const std::stop_token& stop) {
              lower_thread_priority();
              std::unique_lock lock(mutex_);
              while (!wake_.wait_for(lock, stop, pause, [&stop] { return stop.stop_requested(); }))
                  action();
          })
    {
    }

private:
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_; // the last member: it ends before what it uses
};

} // namespace estante

// What the driver of a processor does beside the stream, between its batches: a replay, a rebuild.
#pragma once

#include "runtime/task.hpp"

#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <mutex>

namespace estante {

// Any thread may add; one thread works them off, in their order.
class TaskQueue {
public:
    using Part = std::function<Task<bool>()>;            // runs again and again until it answers true
    using End = std::function<void(std::exception_ptr)>; // what the chore threw; none: it is done

    void add(Part part, End end);
    // The same, to be waited for: what the chore throws comes from the future.
    std::future<void> add(Part part);

    // Runs a part of the first; answers whether there is more to do.
    Task<bool> work();
    // What is left, and what is added later, ends with the news that the server stops.
    void stop();

private:
    struct Chore {
        Part part;
        End end;
    };

    std::mutex mutex_;
    std::deque<Chore> waiting_;
    bool stopped_ = false;
};

} // namespace estante

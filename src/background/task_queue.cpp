#include "background/task_queue.hpp"

#include <memory>
#include <stdexcept>
#include <utility>

namespace estante {

namespace {

std::exception_ptr server_stops()
{
    return std::make_exception_ptr(std::runtime_error("the server stops"));
}

} // namespace

void TaskQueue::add(Part part, End end)
{
    std::unique_lock lock(mutex_);
    if (stopped_) {
        lock.unlock();
        return end(server_stops());
    }
    waiting_.push_back({std::move(part), std::move(end)});
}

std::future<void> TaskQueue::add(Part part)
{
    const auto promise = std::make_shared<std::promise<void>>();
    auto done = promise->get_future();
    add(std::move(part), [promise](const std::exception_ptr& error) {
        if (error)
            promise->set_exception(error);
        else
            promise->set_value();
    });
    return done;
}

Task<bool> TaskQueue::work()
{
    Chore* chore = nullptr;
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.empty())
            co_return false;
        chore = &waiting_.front(); // stays where it is: others add behind it
    }
    std::exception_ptr error;
    bool done = true;
    try {
        done = co_await chore->part();
    } catch (...) {
        error = std::current_exception();
    }
    if (!done)
        co_return true;
    chore->end(error);
    const std::lock_guard lock(mutex_);
    waiting_.pop_front();
    co_return !waiting_.empty();
}

void TaskQueue::stop()
{
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (const Chore& chore : waiting_)
        chore.end(server_stops());
    waiting_.clear();
}

} // namespace estante

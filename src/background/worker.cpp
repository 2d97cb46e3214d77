#include "background/worker.hpp"

#include "runtime/thread_priority.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <list>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <stdexcept>
#include <thread>
#include <utility>

namespace estante {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

std::exception_ptr stopped_error()
{
    return std::make_exception_ptr(std::runtime_error("the server stops"));
}

struct Entry {
    BackgroundTask task;
    Worker::Completion completion{}; // of a one-time job
    steady_clock::time_point due{};
    bool woken = false; // during its step
};

} // namespace

struct Worker::State {
    const std::string name;
    const Priority priority;
    asio::io_context io{1};
    asio::steady_timer timer{io};
    mutable std::mutex mutex;
    std::list<Entry> entries; // a step keeps a reference to its entry
    bool sleeping = false;
    bool stopping = false;
    std::thread thread;

    State(std::string given_name, Priority given_priority) : name(std::move(given_name)), priority(given_priority) {}

    // Under the lock.
    void end_sleep()
    {
        if (std::exchange(sleeping, false))
            asio::post(io, [this] { timer.cancel(); });
    }

    // False when the worker stops.
    bool add(Entry entry)
    {
        const std::lock_guard lock(mutex);
        if (stopping)
            return false;
        entries.push_back(std::move(entry));
        end_sleep();
        if (!thread.joinable()) {
            asio::co_spawn(io, run(), asio::detached);
            thread = std::thread([this] { run_thread(); });
        }
        return true;
    }

    void wake()
    {
        const std::lock_guard lock(mutex);
        const auto now = steady_clock::now();
        for (Entry& entry : entries) {
            entry.woken = true;
            entry.due = std::min(entry.due, now);
        }
        end_sleep();
    }

    void run_thread()
    {
        constexpr std::size_t max_thread_name = 15; // pthread_setname_np(3)
        ::pthread_setname_np(::pthread_self(), name.substr(0, max_thread_name).c_str());
        if (priority == Priority::low)
            lower_thread_priority();
        io.run();
    }

    Task<void> run()
    {
        while (true) {
            Entry* due = nullptr;
            std::optional<steady_clock::time_point> wake_at;
            {
                const std::lock_guard lock(mutex);
                if (stopping)
                    co_return;
                const auto first = std::ranges::min_element(entries, {}, &Entry::due);
                if (first != entries.end() && first->due <= steady_clock::now()) {
                    due = &*first;
                    due->woken = false;
                } else {
                    sleeping = true;
                    wake_at = first == entries.end() ? steady_clock::time_point::max() : first->due;
                }
            }
            if (due)
                co_await run_step(*due);
            else
                co_await sleep_until(*wake_at);
        }
    }

    Task<void> sleep_until(steady_clock::time_point time)
    {
        boost::system::error_code woken;
        timer.expires_at(time);
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        const std::lock_guard lock(mutex);
        sleeping = false;
    }

    Task<void> run_step(Entry& entry)
    {
        auto result = StepResult::failed;
        std::exception_ptr error;
        try {
            result = co_await entry.task.step();
        } catch (const std::exception& thrown) {
            error = std::current_exception();
            if (entry.completion)
                result = StepResult::done;
            else
                spdlog::error("{}: {}", entry.task.name, thrown.what());
        }
        if (result == StepResult::done && entry.completion)
            entry.completion(error);
        const std::lock_guard lock(mutex);
        if (result == StepResult::done)
            std::erase_if(entries, [&entry](const Entry& other) { return &other == &entry; });
        else
            entry.due = next_due(entry, result);
    }

    static steady_clock::time_point next_due(const Entry& entry, StepResult result)
    {
        const auto now = steady_clock::now();
        if (result == StepResult::failed)
            return now + entry.task.retry_interval;
        return result == StepResult::more || entry.woken ? now : now + entry.task.interval;
    }
};

BackgroundTask periodic_task(std::string name, std::chrono::milliseconds interval, std::function<Task<void>()> action)
{
    return {.name = std::move(name),
            .step = [action = std::move(action)]() -> Task<StepResult> {
                co_await action();
                co_return StepResult::idle;
            },
            .interval = interval,
            .retry_interval = interval,
            .first_delay = interval};
}

Worker::Worker(std::string name, Priority priority) : state_(std::make_shared<State>(std::move(name), priority)) {}

Worker::~Worker()
{
    stop();
}

void Worker::add(BackgroundTask task)
{
    const auto due = steady_clock::now() + task.first_delay;
    state_->add({.task = std::move(task), .due = due});
}

void Worker::submit(BackgroundTask job, const Completion& completion)
{
    if (!state_->add({.task = std::move(job), .completion = completion, .due = steady_clock::now()}))
        completion(stopped_error());
}

std::future<void> Worker::submit(BackgroundTask job)
{
    const auto promise = std::make_shared<std::promise<void>>();
    auto completed = promise->get_future();
    submit(std::move(job), [promise](const std::exception_ptr& error) {
        if (error)
            promise->set_exception(error);
        else
            promise->set_value();
    });
    return completed;
}

void Worker::wake()
{
    state_->wake();
}

std::function<void()> Worker::waker() const
{
    return [weak = std::weak_ptr(state_)] {
        if (const auto state = weak.lock())
            state->wake();
    };
}

void Worker::request_stop()
{
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    state_->end_sleep();
}

void Worker::stop()
{
    request_stop();
    if (state_->thread.joinable())
        state_->thread.join();
    std::list<Entry> cut_off;
    {
        const std::lock_guard lock(state_->mutex);
        cut_off.swap(state_->entries);
    }
    for (const Entry& entry : cut_off) {
        if (entry.completion)
            entry.completion(stopped_error());
    }
}

bool Worker::is_stopping() const
{
    const std::lock_guard lock(state_->mutex);
    return state_->stopping;
}

} // namespace estante

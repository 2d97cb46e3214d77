#include "hosts/embedded/stream_driver.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace estante {

namespace asio = boost::asio;

namespace {

constexpr std::size_t batch_size = 256;
constexpr auto pause_after_failure = std::chrono::milliseconds(250);

} // namespace

struct StreamDriver::State : std::enable_shared_from_this<StreamDriver::State> {
    ChangeStream& stream;
    std::string processor;
    Step step;
    Acknowledge when;
    asio::io_context io{1};
    asio::steady_timer wake{io};
    std::atomic<bool> more = true; // a commit came since the stream was last read
    std::atomic<bool> stopping = false;
    std::atomic<std::uint64_t> processed = 0;
    mutable std::mutex mutex;
    std::condition_variable read_to_the_end;
    std::string taken_in;     // position
    std::string durable;      // position that is to be acknowledged; empty: none
    std::uint64_t begun = 0;  // reads of the stream
    std::uint64_t at_end = 0; // the last of them that found nothing
    std::thread thread;

    State(ChangeStream& given_stream, std::string name, Step given_step, Acknowledge given_when)
        : stream(given_stream), processor(std::move(name)), step(std::move(given_step)), when(given_when)
    {
    }

    void poke()
    {
        if (!more.exchange(true))
            asio::post(io, [self = shared_from_this()] { self->wake.cancel(); });
    }

    std::uint64_t begin_read()
    {
        const std::lock_guard lock(mutex);
        return ++begun;
    }
    void note_end(std::uint64_t read)
    {
        const std::lock_guard lock(mutex);
        at_end = read;
        read_to_the_end.notify_all();
    }

    Task<void> sleep(std::chrono::milliseconds time)
    {
        boost::system::error_code woken;
        wake.expires_after(time);
        co_await wake.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }

    Task<void> run()
    {
        while (!stopping) {
            more = false;
            bool failed = false;
            try {
                failed = !co_await acknowledge_durable() || !co_await one_batch();
            } catch (const std::exception& error) {
                spdlog::error("processor {}: {}", processor, error.what());
                failed = true;
            }
            if (failed)
                co_await sleep(pause_after_failure);
            else if (!more && !stopping)
                co_await sleep(stream.look_every());
        }
        co_await acknowledge_durable();
    }

    std::string position() const
    {
        const std::lock_guard lock(mutex);
        return taken_in;
    }

    // False when it could not be written; then it is tried again.
    Task<bool> acknowledge_durable()
    {
        std::unique_lock lock(mutex);
        const auto position = durable;
        lock.unlock();
        if (position.empty())
            co_return true;
        const auto done = co_await stream.acknowledge(processor, position);
        if (!done) {
            spdlog::warn("processor {}: the stream cannot be acknowledged: {}", processor, done.error().detail);
            co_return false;
        }
        lock.lock();
        if (durable == position)
            durable.clear();
        co_return true;
    }

    // False when the stream or the checkpoint could not be read or written.
    Task<bool> one_batch()
    {
        const auto read = begin_read();
        const auto after = position();
        auto changes = after.empty() ? co_await stream.next(processor, batch_size)
                                     : co_await stream.next_after(processor, after, batch_size);
        if (!changes) {
            spdlog::warn("processor {}: the stream cannot be read: {}", processor, changes.error().detail);
            co_return false;
        }
        if (changes->empty()) {
            note_end(read);
            co_return true;
        }
        more = true;
        const auto count = changes->size();
        const auto last = changes->back().position;
        co_await step(std::move(*changes));
        const bool done = when == Acknowledge::later || (co_await stream.acknowledge(processor, last)).has_value();
        if (when == Acknowledge::later) {
            const std::lock_guard lock(mutex);
            taken_in = last;
        }
        processed += count;
        co_return done;
    }
};

StreamDriver::StreamDriver(ChangeStream& stream, std::string processor, Step step, Acknowledge when)
    : state_(std::make_shared<State>(stream, std::move(processor), std::move(step), when))
{
    asio::co_spawn(state_->io, state_->run(), asio::detached);
    state_->thread = std::thread([state = state_] { state->io.run(); });
    stream.on_commit([weak = std::weak_ptr(state_)] {
        if (const auto state = weak.lock())
            state->poke();
    });
}

StreamDriver::~StreamDriver()
{
    stop();
}

void StreamDriver::stop()
{
    if (!state_->thread.joinable())
        return;
    state_->stopping = true;
    state_->more = false;
    state_->poke();
    state_->thread.join();
}

std::string StreamDriver::taken_in() const
{
    return state_->position();
}

void StreamDriver::acknowledge(std::string position)
{
    {
        const std::lock_guard lock(state_->mutex);
        state_->durable = std::move(position);
    }
    state_->poke();
}

bool StreamDriver::has_acknowledged() const
{
    const std::lock_guard lock(state_->mutex);
    return state_->durable.empty();
}

bool StreamDriver::catch_up(std::chrono::milliseconds within)
{
    std::unique_lock lock(state_->mutex);
    const auto known = state_->begun; // a read that began before the call may have missed the last commit
    lock.unlock();
    state_->poke();
    lock.lock();
    return state_->read_to_the_end.wait_for(lock, within, [&] { return state_->at_end > known; });
}

std::uint64_t StreamDriver::processed() const
{
    return state_->processed;
}

} // namespace estante

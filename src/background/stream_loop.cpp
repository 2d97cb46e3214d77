#include "background/stream_loop.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>

namespace estante {

namespace asio = boost::asio;

struct StreamLoop::State {
    ChangeStream& stream;
    std::string name;
    const std::chrono::milliseconds retry_interval;
    Look look;
    std::function<Task<void>()> at_end;
    asio::io_context io{1};
    asio::steady_timer timer{io};
    std::atomic<bool> more = true; // a commit or wake() came since the last poll
    std::atomic<bool> stopping = false;
    std::thread thread{};

    State(ChangeStream& given_stream, std::string given_name, std::chrono::milliseconds given_retry_interval,
          Look given_look, std::function<Task<void>()> given_end)
        : stream(given_stream),
          name(std::move(given_name)),
          retry_interval(given_retry_interval),
          look(std::move(given_look)),
          at_end(std::move(given_end))
    {
    }

    void wake()
    {
        if (!more.exchange(true))
            asio::post(io, [this] { timer.cancel(); }); // one that comes after the end is never run
    }

    Task<void> sleep(std::chrono::milliseconds time)
    {
        boost::system::error_code woken;
        timer.expires_after(time);
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }

    Task<void> run()
    {
        while (!stopping) {
            more = false;
            auto next = Next::failed;
            try {
                next = co_await look();
            } catch (const std::exception& error) {
                spdlog::error("{}: {}", name, error.what());
            }
            if (next == Next::failed)
                co_await sleep(retry_interval);
            else if (next == Next::wait && !more && !stopping)
                co_await sleep(stream.poll_interval());
        }
        if (at_end)
            co_await at_end();
    }
};

StreamLoop::StreamLoop(ChangeStream& stream, std::string name, std::chrono::milliseconds retry_interval, Look look,
                       std::function<Task<void>()> at_end)
    : state_(std::make_shared<State>(stream, std::move(name), retry_interval, std::move(look), std::move(at_end)))
{
    asio::co_spawn(state_->io, state_->run(), asio::detached);
    state_->thread = std::thread([state = state_] { state->io.run(); });
    stream.on_commit([weak = std::weak_ptr(state_)] {
        if (const auto state = weak.lock())
            state->wake();
    });
}

StreamLoop::~StreamLoop()
{
    stop();
}

void StreamLoop::wake()
{
    state_->wake();
}

void StreamLoop::stop()
{
    if (!state_->thread.joinable())
        return;
    state_->stopping = true;
    state_->more = false;
    state_->wake();
    state_->thread.join();
}

Task<void> StreamLoop::pause()
{
    return state_->sleep(state_->retry_interval);
}

} // namespace estante

#include "hosts/embedded/live_driver.hpp"

#include "processors/live_tap.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <thread>

namespace estante {

namespace asio = boost::asio;

namespace {

constexpr std::size_t live_batch_size = 256;
constexpr auto pause_after_live_failure = std::chrono::milliseconds(250);

} // namespace

struct LiveDriver::State : std::enable_shared_from_this<LiveDriver::State> {
    ChangeStream& stream;
    LiveSales& live;
    std::string follower = fmt::format("{}sales", following_processors);
    asio::io_context io{1};
    asio::steady_timer wake{io};
    std::atomic<bool> more = false; // a commit or a first watch came since it was last looked
    std::atomic<bool> stopping = false;
    bool follows = false;
    std::thread thread;

    State(ChangeStream& given_stream, LiveSales& given_live) : stream(given_stream), live(given_live) {}

    void poke()
    {
        if (!more.exchange(true))
            asio::post(io, [self = shared_from_this()] { self->wake.cancel(); });
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
                failed = !co_await look();
            } catch (const std::exception& error) {
                spdlog::error("live sales: {}", error.what());
                failed = true;
            }
            if (failed)
                co_await sleep(pause_after_live_failure);
            else if (!more && !stopping)
                co_await sleep(stream.look_every());
        }
    }

    // False when the stream could not be read.
    Task<bool> look()
    {
        if (!live.is_watched()) {
            follows = false;
            co_return true;
        }
        if (!follows) {
            const auto newest = co_await stream.newest();
            if (!newest || !co_await stream.acknowledge(follower, *newest))
                co_return false;
            follows = true;
            live.publish_begun();
        }
        const auto changes = co_await stream.next(follower, live_batch_size);
        if (!changes)
            co_return false;
        if (changes->empty())
            co_return true;
        more = true;
        live_tap(live, *changes);
        co_return (co_await stream.acknowledge(follower, changes->back().position)).has_value();
    }
};

LiveDriver::LiveDriver(ChangeStream& stream, LiveSales& live) : state_(std::make_shared<State>(stream, live))
{
    asio::co_spawn(state_->io, state_->run(), asio::detached);
    state_->thread = std::thread([state = state_] { state->io.run(); });
    stream.on_commit([weak = std::weak_ptr(state_)] {
        if (const auto state = weak.lock())
            state->poke();
    });
}

LiveDriver::~LiveDriver()
{
    state_->stopping = true;
    state_->more = false;
    state_->poke();
    state_->thread.join();
}

void LiveDriver::watched()
{
    state_->poke();
}

} // namespace estante

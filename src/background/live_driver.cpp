#include "background/live_driver.hpp"

#include "background/stream_loop.hpp"
#include "processors/figures/live_sales_feed.hpp"

#include <fmt/format.h>

#include <string>

namespace estante {

namespace {

constexpr std::size_t live_batch_size = 256;

} // namespace

struct LiveDriver::State {
    ChangeStream& stream;
    LiveSales& live;
    std::string follower = fmt::format("{}sales", live_processor_prefix);
    bool follows = false;
    StreamLoop loop; // the last member: it ends before what it uses

    State(ChangeStream& given_stream, LiveSales& given_live, std::chrono::milliseconds retry_interval)
        : stream(given_stream), live(given_live), loop(stream, "live sales", retry_interval, [this] { return look(); })
    {
    }

    // `failed` when the stream could not be read.
    Task<StreamLoop::Next> look()
    {
        using Next = StreamLoop::Next;
        if (!live.is_watched()) {
            follows = false;
            co_return Next::wait;
        }
        if (!follows) {
            const auto newest = co_await stream.newest();
            if (!newest || !co_await stream.acknowledge(follower, *newest))
                co_return Next::failed;
            follows = true;
            live.publish_begun();
        }
        const auto changes = co_await stream.next(follower, live_batch_size);
        if (!changes)
            co_return Next::failed;
        if (changes->empty())
            co_return Next::wait;
        feed_live_sales(live, *changes);
        co_return co_await stream.acknowledge(follower, changes->back().position) ? Next::again : Next::failed;
    }
};

LiveDriver::LiveDriver(ChangeStream& stream, LiveSales& live, std::chrono::milliseconds retry_interval)
    : state_(std::make_unique<State>(stream, live, retry_interval))
{
}

LiveDriver::~LiveDriver() = default;

void LiveDriver::watched()
{
    state_->loop.wake();
}

} // namespace estante

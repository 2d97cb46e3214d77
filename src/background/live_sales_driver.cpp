#include "background/live_sales_driver.hpp"

#include "processors/figures/live_sales_feed.hpp"

#include <fmt/format.h>

namespace estante {

namespace {

constexpr std::size_t batch_size = 256;

} // namespace

LiveSalesDriver::LiveSalesDriver(ChangeStream& stream, LiveSalesHub& live, Worker& worker,
                                 std::chrono::milliseconds retry_interval)
    : stream_(stream), live_(live), worker_(worker), processor_(fmt::format("{}sales", live_processor_prefix))
{
    worker.add({.name = "live sales",
                .step = [this] { return step(); },
                .interval = stream.poll_interval(),
                .retry_interval = retry_interval});
    stream.on_commit(worker.waker());
}

Task<StepResult> LiveSalesDriver::step()
{
    if (!live_.is_watched()) {
        is_following_ = false;
        co_return StepResult::idle;
    }
    if (!is_following_) {
        const auto newest = co_await stream_.newest();
        if (!newest || !co_await stream_.acknowledge(processor_, *newest))
            co_return StepResult::failed;
        is_following_ = true;
        live_.publish_feed_started();
    }
    const auto changes = co_await stream_.next(processor_, batch_size);
    if (!changes)
        co_return StepResult::failed;
    if (changes->empty())
        co_return StepResult::idle;
    feed_live_sales(live_, *changes);
    const auto acknowledged = co_await stream_.acknowledge(processor_, changes->back().position);
    co_return acknowledged ? StepResult::more : StepResult::failed;
}

} // namespace estante

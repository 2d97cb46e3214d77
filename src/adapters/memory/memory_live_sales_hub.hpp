// Live sales within one process. Each watch has a bounded buffer; if it is not read in time, the buffer is dropped and
// the watch gets an event that says so.
#pragma once

#include "ports/live_sales_hub.hpp"

#include <cstddef>
#include <functional>
#include <memory>

namespace estante {

struct LiveLimits {
    std::size_t max_watches = 1'000;
    std::size_t max_watches_per_shop = 50;
    std::size_t max_events_per_watch = 1'000; // unread
};

// `on_first` is called when the first watch starts while there is none; from any thread, without a lock held.
std::unique_ptr<LiveSalesHub> create_memory_live_sales_hub(LiveLimits limits, std::function<void()> on_first = {});

} // namespace estante

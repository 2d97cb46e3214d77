// Live sales within one process. Each watch has a buffer of a stated size; one that is not emptied in time loses what
// is in it and is told so.
#pragma once

#include "ports/live_sales.hpp"

#include <cstddef>
#include <functional>
#include <memory>

namespace estante {

struct LiveLimits {
    std::size_t watches = 1'000; // in all
    std::size_t max_watches_per_shop = 50;
    std::size_t max_events_per_watch = 1'000; // that wait to be taken
};

// `on_first` is called, from any thread and without a lock held, when there is a watch after there was none.
std::unique_ptr<LiveSales> create_memory_live_sales(LiveLimits limits, std::function<void()> on_first = {});

} // namespace estante

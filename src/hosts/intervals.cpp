#include "hosts/intervals.hpp"

#include <fmt/format.h>

#include <string_view>

namespace estante {

Intervals Intervals::from(const Settings& settings)
{
    const auto interval = [&settings](std::string_view task) {
        return std::chrono::milliseconds(settings.whole(fmt::format("{}-interval-ms", task)));
    };
    return {.lake_maintenance = interval("lake-maintenance"),
            .counter_flush = interval("counter-flush"),
            .search_save = interval("search-save"),
            .search_fill = interval("search-fill"),
            .store_sweep = interval("store-sweep"),
            .stream_poll = interval("stream-poll"),
            .stream_retry = interval("stream-retry"),
            .cache_expiry = interval("cache-expiry")};
}

} // namespace estante

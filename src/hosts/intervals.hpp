// How often the background tasks work. The settings have the same names, as lake-maintenance-interval-ms.
#pragma once

#include "hosts/settings.hpp"

#include <chrono>

namespace estante {

struct Intervals {
    std::chrono::milliseconds lake_maintenance{}; // days are closed, months rolled up, catalogues exported
    std::chrono::milliseconds counter_flush{};    // searches are added to the daily summary, metrics sent
    std::chrono::milliseconds search_save{};      // the embedded index is saved
    std::chrono::milliseconds search_fill{};      // an index that could not be filled is filled
    std::chrono::milliseconds store_sweep{};      // expired items and old changes are removed from SQLite
    std::chrono::milliseconds stream_poll{};      // the change stream of DynamoDB is read
    std::chrono::milliseconds stream_retry{};     // a failed batch is repeated
    std::chrono::milliseconds cache_expiry{};     // with a shared store: all cached values become invalid

    // Throws std::runtime_error with one line.
    static Intervals from(const Settings& settings);
};

} // namespace estante

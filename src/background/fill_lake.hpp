// Fills a new lake with the purchases that are older than the change stream.
#pragma once

#include "background/stream_driver.hpp"
#include "ports/clock.hpp"
#include "ports/item_store.hpp"

#include <string>

namespace estante {

inline constexpr const char* purchases_processor = "purchases_stream";

// Starts a rebuild of the lake at this address from the tables, unless one has been completed; the store has a note of
// that. `purchases` drives purchases_processor. Store and clock outlive it. Throws std::runtime_error with one line
// when the store does not respond.
Task<void> start_lake_fill(StreamDriver& purchases, ItemStore& store, Clock& clock, std::string lake_address);

} // namespace estante

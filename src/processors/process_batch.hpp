// Error handling around every processor: poison records are retried and isolated, the rest of the batch is processed.
#pragma once

#include "domain/result.hpp"
#include "ports/change_stream.hpp"
#include "ports/clock.hpp"
#include "ports/item_store.hpp"
#include "processors/poison_record.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace estante {

// A processor: one idempotent step over a batch of changes. Returns the poison records; all other changes are
// processed. Errors: unavailable and rate_limited: repeat the batch.
using BatchHandler = std::function<Task<Result<std::vector<PoisonRecord>>>(std::vector<Change>)>;

inline constexpr int max_poison_attempts = 3; // for one change alone

struct BatchResult {
    std::vector<PoisonRecord> rejected{}; // the handler returned them as poison in each attempt
    std::vector<PoisonRecord> threw{};    // the handler threw in each attempt; not poison if the machine is broken
};

// Calls the handler with the batch. When it throws or returns a permanent error, the batch is halved until the changes
// that cause it are found. Errors: unavailable and rate_limited: the batch has to be repeated.
Task<Result<BatchResult>> process_batch(const BatchHandler& handler, std::vector<Change> changes);

// Errors: unavailable.
Task<Result<void>> store_dead_letters(ItemStore& store, Clock& clock, std::string processor,
                                      std::vector<PoisonRecord> poison);

struct ReplayResult {
    std::uint64_t processed = 0;
    std::uint64_t remaining = 0; // still dead letters, with their new reason
};
// Gives the dead letters of a processor to its handler again and deletes those that it processes. Errors: unavailable.
Task<Result<ReplayResult>> replay_dead_letters(ItemStore& store, Clock& clock, std::string processor,
                                               const BatchHandler& handler);

} // namespace estante

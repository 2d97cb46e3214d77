// What surrounds every processor's step: a poison change is tried again, then set aside whole with its reason, and the
// rest of its batch is taken in.
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

// One idempotent step of a processor over a batch.
using BatchHandler = std::function<Task<Processed>(std::vector<Change>)>;

inline constexpr int max_poison_attempts = 3; // of a change alone, before it is set aside

struct BatchResult {
    std::vector<PoisonRecord> refused{}; // the step says so of them, each time
    std::vector<PoisonRecord> broke{};   // the step threw at them, each time: poison too, unless the machine is broken
};

// Takes the batch in. When the step throws or answers an error that is not of the moment, the batch is halved until the
// changes are found that cause it. Errors: unavailable and rate_limited: the batch is to come again.
Task<Result<BatchResult>> process_batch(const BatchHandler& step, std::vector<Change> changes);

// Keeps them as dead letters. Errors: unavailable.
Task<Result<void>> keep_dead_letters(ItemStore& store, Clock& clock, std::string processor,
                                     std::vector<PoisonRecord> poison);

struct Replayed {
    std::uint64_t taken_in = 0;
    std::uint64_t left = 0; // they stay dead letters, with their new reason
};
// Gives a processor its dead letters again. Errors: unavailable; those that were taken in are gone by then.
Task<Result<Replayed>> replay_dead_letters(ItemStore& store, Clock& clock, std::string processor,
                                           const BatchHandler& step);

} // namespace estante

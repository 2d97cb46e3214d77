// Exponential backoff with full jitter, for everything that is tried again.
// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
#pragma once

#include "ports/random.hpp"
#include "runtime/task.hpp"

#include <chrono>

namespace estante::aws {

struct Backoff {
    std::chrono::microseconds base{};
    std::chrono::microseconds cap{};
};

// A random delay between 0 and min(cap, base · 2^(attempt-1)). `attempt` is the number of the failed attempt, from 1.
std::chrono::microseconds backoff_delay(const Backoff& backoff, int attempt, Random& random);

// Suspends the caller for such a delay, on its own executor. The random source outlives the call.
Task<void> back_off(Backoff backoff, int attempt, Random& random);

} // namespace estante::aws

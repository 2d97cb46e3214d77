// Deterministic clock, random source and ids for tests.
#pragma once

#include "ports/clock.hpp"
#include "ports/id_generator.hpp"
#include "ports/random.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <random>
#include <span>

namespace estante {

// Changes only when it is set. Starts at 2026-01-31T09:30:00Z.
class ManualClock final : public Clock {
public:
    static constexpr std::int64_t start_ms = 1'769'851'800'000;

    explicit ManualClock(std::int64_t now_ms = start_ms) : now_ms_(now_ms) {}

    std::int64_t now_ms() override { return now_ms_; }
    void set(std::int64_t now_ms) { now_ms_ = now_ms; }
    void advance(std::int64_t ms) { now_ms_ += ms; }

private:
    std::atomic<std::int64_t> now_ms_;
};

// The same bytes in every run with the same seed.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed = 1) : engine_(seed) {}

    void fill(std::span<std::uint8_t> bytes) override
    {
        const std::lock_guard lock(mutex_);
        for (auto& byte : bytes)
            byte = static_cast<std::uint8_t>(engine_());
    }

private:
    std::mutex mutex_;
    std::mt19937_64 engine_;
};

// ULIDs of the clock's millisecond whose entropy counts 1, 2, 3 …: unique, in order and predictable.
class CountingIds final : public IdGenerator {
public:
    explicit CountingIds(Clock& clock) : clock_(clock) {}

    Ulid next() override
    {
        Ulid ulid{.time_ms = static_cast<std::uint64_t>(clock_.now_ms())};
        std::uint64_t count = ++count_;
        for (auto byte = ulid.entropy.rbegin(); count != 0; ++byte, count >>= 8)
            *byte = static_cast<std::uint8_t>(count);
        return ulid;
    }

private:
    Clock& clock_;
    std::atomic<std::uint64_t> count_ = 0;
};

} // namespace estante

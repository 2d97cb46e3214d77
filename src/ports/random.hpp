#pragma once

#include "domain/ids.hpp"

#include <cstdint>
#include <span>

namespace estante {

class Random {
public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::uint8_t> bytes) = 0; // cryptographically strong in production; any thread
};

// A monotonic source of ULIDs over the clock and the random source; any thread.
class Ids {
public:
    virtual ~Ids() = default;
    virtual Ulid next() = 0;

    template <class T> T make() { return T::from(next()); }
};

} // namespace estante

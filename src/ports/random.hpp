#pragma once

#include <cstdint>
#include <span>

namespace estante {

class Random {
public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::uint8_t> bytes) = 0; // cryptographically secure in production; any thread
};

} // namespace estante

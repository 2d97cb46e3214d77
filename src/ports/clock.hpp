#pragma once

#include <cstdint>

namespace estante {

class Clock {
public:
    virtual ~Clock() = default;
    virtual std::int64_t now_ms() = 0; // UTC, since 1970; any thread
};

} // namespace estante

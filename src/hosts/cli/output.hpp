// Where a command writes: a terminal, or the other end of the control socket.
#pragma once

#include <string_view>

namespace estante {

class Output {
public:
    virtual ~Output() = default;
    virtual void line(std::string_view text) = 0;  // stdout
    virtual void error(std::string_view text) = 0; // stderr
    // A line that replaces the progress before it; "" removes it. Shown on a terminal only.
    virtual void progress(std::string_view text) = 0;
};

} // namespace estante

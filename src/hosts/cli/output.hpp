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
    // Nobody waits for the end any more, or the process is to end: what can be repeated later stops here.
    virtual bool gone() const { return false; }
};

} // namespace estante

// Where a command writes: a terminal, or the client of the control socket.
#pragma once

#include <string_view>

namespace estante {

class Output {
public:
    virtual ~Output() = default;
    virtual void line(std::string_view text) = 0;  // stdout
    virtual void error(std::string_view text) = 0; // stderr
    // Replaces the progress line before it; "" removes it. Shown on a terminal only.
    virtual void progress(std::string_view text) = 0;
    // The client has disconnected, or the process is stopping. A command that can be repeated stops early.
    virtual bool is_cancelled() const { return false; }
};

} // namespace estante

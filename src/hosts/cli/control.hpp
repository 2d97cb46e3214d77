// The control socket of a data folder: how a command reaches the server that owns the folder. A Unix socket with mode
// 0600; one line of JSON in ({"arguments", "secret", "folder"}), lines of JSON out ({"line"}, {"error"}, {"progress"},
// and {"exit"} as the last).
#pragma once

#include "hosts/cli/command_line.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

namespace estante {

class ControlServer {
public:
    using Run = std::function<int(const Invocation&, Output&)>;

    // Serves until destroyed, one command at a time. Throws std::runtime_error with one clear line.
    ControlServer(const std::filesystem::path& socket, Run run);
    ~ControlServer();

private:
    struct State;
    std::unique_ptr<State> state_;
};

// The exit code of the command, run by the server behind the socket; nothing when no server answers there.
std::optional<int> run_remotely(const std::filesystem::path& socket, const Invocation& invocation, Output& output);

} // namespace estante

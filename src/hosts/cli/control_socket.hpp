// The control socket of a data folder, through which a command reaches the server that owns the folder. It is a Unix
// socket with mode 0600. The request is one line of JSON: {"arguments", "secret", "folder"}. The response is lines of
// JSON: {"line"}, {"error"}, {"progress"}, and {"exit"} as the last.
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

    // Runs one command at a time until it is destroyed. Throws std::runtime_error with one line.
    ControlServer(const std::filesystem::path& socket, Run run);
    ~ControlServer();

private:
    struct State;
    std::unique_ptr<State> state_;
};

// Runs the command in the server that listens on the socket and returns its exit code; nothing when none listens.
std::optional<int> run_in_server(const std::filesystem::path& socket, const Invocation& invocation, Output& output);

} // namespace estante

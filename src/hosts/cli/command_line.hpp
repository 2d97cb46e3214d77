// The command line: parsed by the process that it was typed for, and again by the server that runs the command.
#pragma once

#include "hosts/cli/command_table.hpp"

#include <map>
#include <string>
#include <vector>

namespace estante {

struct Invocation {
    std::vector<std::string> arguments; // without the program's name
    std::string secret;                 // the password, for a command that asks for one
    std::string folder;                 // the working folder of the caller
};

struct Command {
    const CommandRow* row = nullptr;
    std::map<std::string, std::string> flags; // settings given as flags
    std::string config_file;                  // --config
    Options options;
};

// --help, or a mistake: the text is for stdout when the exit code is 0, else for stderr.
struct UsageError {
    std::string text;
    int exit_code;
};

// Throws UsageError.
Command parse_command_line(const Invocation& invocation);

} // namespace estante

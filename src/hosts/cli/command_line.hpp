// The command line: parsed once where it is typed, and once more in the process that owns the data folder.
#pragma once

#include "hosts/cli/output.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace estante {

class Bookstore;
class Settings;
struct StoreSite;

struct Invocation {
    std::vector<std::string> arguments; // without the program's name
    std::string secret;                 // what --password-stdin read
    std::string folder;                 // that relative file names are in
};

// What was typed, understood.
struct Command {
    enum class Kind { serve, demo, config, version, on_store, on_stores, without_store };

    Kind kind = Kind::version;
    std::map<std::string, std::string> flags; // settings given as flags
    std::string file;                         // --config
    bool wants_password = false;
    std::function<int(Bookstore&, Output&)> run;                    // of on_store: answers the exit code
    std::function<int(const Settings&, Output&)> run_without_store; // likewise
    // Of on_stores, which opens stores itself. It runs in the server of the first of these data folders that is served
    // (of the setting `data` with on_data), else in a process of its own.
    std::function<int(const StoreSite&, Output&)> run_on_stores;
    std::vector<std::string> folders;
    bool on_data = false;
};

// Throws UsageError: its text is for stdout with code 0 (--help), else for stderr.
struct UsageError {
    std::string text;
    int exit_code;
};
Command parse_command_line(const Invocation& invocation);

} // namespace estante

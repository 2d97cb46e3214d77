// The commands of `estante` as data. The parser, --help, shell completion and the manual page are made from this one
// table, so that a new command or option is one row.
#pragma once

#include "hosts/cli/commands.hpp"
#include "hosts/option_table.hpp"

#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace estante {

// What a command works on, by the signature of its function. Each function returns the exit code.
using StoreCommand = int (*)(Bookstore&, const Options&, Output&);           // the store of the data folder
using StoresCommand = int (*)(const StoreContext&, const Options&, Output&); // stores that it opens itself
using SettingsCommand = int (*)(const Settings&, Output&);                   // no store, or one that it opens itself
using PlainCommand = int (*)(const Options&, Output&);                       // neither store nor settings
using CommandFunction = std::variant<std::monostate, StoreCommand, StoresCommand, SettingsCommand, PlainCommand>;

struct CommandRow {
    std::string_view path; // "lake status"
    std::string_view help;
    CommandFunction function{}; // monostate: a group of commands
    std::span<const std::string_view> settings{};
    std::vector<OptionRow> options{};
    bool is_default = false; // of its group: `search acme quijote` means `search query acme quijote`
    bool asks_password = false;
    // Of a StoresCommand: the options that may name a data folder. The command runs in the server that serves one of
    // these folders; where the list is empty, in the server of the setting `data`.
    std::vector<std::string_view> address_options{};
};

// A group comes before its commands.
const std::vector<CommandRow>& command_table();

// An option of each command that has settings.
inline constexpr OptionRow config_option{
    .name = "config", .type = ValueType::file, .unit = "FILE", .help = "TOML file with settings"};

// The options of a command as help groups them: its own under `own_options`, then --config and its settings.
inline constexpr std::string_view own_options = "Options";
std::vector<OptionGroup> option_groups(const CommandRow& command);

// The help line of an option: text, limits, default.
std::string describe(const OptionRow& option);

// The direct children of a group; of "" the top level.
std::vector<const CommandRow*> children(std::string_view group);

// "status" of "lake status".
std::string_view last_word(std::string_view path);

} // namespace estante

// The rows of the two option tables: the settings (settings_table.cpp) and the commands (cli/command_table.cpp).
// Parsers, --help, shell completion and the manual page are made from them.
#pragma once

#include <string_view>
#include <vector>

namespace estante {

enum class ValueType { text, whole_number, choice, folder, file, flag };

struct OptionRow {
    std::string_view name; // without dashes
    ValueType type = ValueType::text;
    // What stands for the value in help: the unit of a number ("MB"), the kind of a text ("SHOP"), and of a choice its
    // values, "sqlite|dynamodb".
    std::string_view unit{};
    std::string_view default_value{};
    std::string_view default_note{}; // what applies without a value, where default_value is empty
    std::string_view help{};         // one line, without type, unit, limits and default
    long min = 0;                    // of a whole number
    long max = 0;
    std::string_view old_name{}; // accepted, but in no help
    bool is_secret = false;      // `estante config` hides the value
    bool is_required = false;    // this and all below: of a command's options only
    bool is_positional = false;
    bool is_repeated = false;          // a positional that takes all remaining words, joined by a space
    std::string_view key{};            // its name among the command's Options; empty: `name`
    std::string_view needs{};          // another option of the command
    std::string_view conflicts_with{}; // likewise
};

// Options under one heading of the help.
struct OptionGroup {
    std::string_view title;
    std::vector<OptionRow> rows;
};

} // namespace estante

// The manual page, in the macros of man(7).
#include "hosts/cli/command_table.hpp"
#include "hosts/cli/version.hpp"
#include "hosts/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace estante::commands {

namespace {

// Text that roff reads as it stands: no escapes, no requests at the beginning of a line, hyphens that can be copied.
std::string escaped(std::string_view text)
{
    std::string escaped;
    if (text.starts_with('.') || text.starts_with('\''))
        escaped += "\\&";
    for (const char c : text) {
        if (c == '\\')
            escaped += "\\e";
        else if (c == '-')
            escaped += "\\-";
        else
            escaped += c;
    }
    return escaped;
}

std::string option_entry(const OptionRow& option)
{
    const auto name = option.is_positional ? escaped(option.name) : "\\-\\-" + escaped(option.name);
    const bool has_value = option.type != ValueType::flag && !option.is_positional;
    return fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", name,
                       has_value ? fmt::format(" \\fI{}\\fR", escaped(option.unit)) : std::string(),
                       escaped(describe(option)));
}

std::string synopsis(const CommandRow& command)
{
    std::string text = fmt::format("\\fBestante {}\\fR", escaped(command.path));
    for (const OptionRow& option : command.options) {
        if (option.is_positional)
            text += fmt::format(" \\fI{}\\fR{}", escaped(option.name), option.is_repeated ? " ..." : "");
        else if (option.is_required)
            text += fmt::format(" \\fB\\-\\-{}\\fR \\fI{}\\fR", escaped(option.name), escaped(option.unit));
    }
    return text + " [options]";
}

std::string command_entry(const CommandRow& command)
{
    if (std::holds_alternative<std::monostate>(command.function))
        return "";
    std::string entry = fmt::format(".SS {}\n{}.\n.PP\n{}\n", escaped(fmt::format("estante {}", command.path)),
                                    escaped(command.help), synopsis(command));
    for (const OptionRow& option : command.options)
        entry += option_entry(option);
    if (command.settings.empty())
        return entry;
    if (std::ranges::all_of(setting_groups(), [&command](const OptionGroup& group) {
            return std::ranges::all_of(group.rows, [&command](const OptionRow& row) {
                return std::ranges::find(command.settings, row.name) != command.settings.end();
            });
        }))
        return entry + ".PP\nAll settings.\n";
    entry += ".PP\nSettings:";
    for (const std::string_view setting : command.settings)
        entry += fmt::format(" \\fB\\-\\-{}\\fR", escaped(setting));
    return entry + "\n";
}

} // namespace

int print_manual(const Options&, Output& output)
{
    std::string page = fmt::format(".TH ESTANTE 1 \"\" \"Estante {}\" \"User Commands\"\n", version());
    page += ".SH NAME\nestante \\- many bookshops on one server\n"
            ".SH SYNOPSIS\n\\fBestante\\fR \\fIcommand\\fR [options]\n"
            ".SH DESCRIPTION\n"
            "\\fBestante serve\\fR serves the shops of a data folder over HTTP. The other commands work on a data "
            "folder themselves, or in the server that owns it.\n"
            ".SH COMMANDS\n";
    for (const CommandRow& command : command_table())
        page += command_entry(command);
    page += ".SH SETTINGS\nA setting is a flag, an environment variable (\\fBESTANTE_LISTEN\\fR for "
            "\\fB\\-\\-listen\\fR), or a key of the TOML file that \\fB\\-\\-config\\fR names. A flag takes precedence "
            "over "
            "the environment, the environment over the file.\n";
    page += option_entry(config_option);
    for (const OptionGroup& group : setting_groups()) {
        page += fmt::format(".SS {}\n", escaped(group.title));
        for (const OptionRow& option : group.rows)
            page += option_entry(option);
    }
    page +=
        ".SH EXIT STATUS\n0 on success, 1 when the command fails or finds what it looks for (differences, damage, dead "
        "letters), 2 for a mistake on the command line.";
    output.line(page);
    return 0;
}

} // namespace estante::commands

// Completion scripts. Each follows the typed words from command to command, then offers what may come next: commands,
// options, or the values of the option before the cursor.
#include "hosts/cli/command_options.hpp"
#include "hosts/cli/command_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace estante::commands {

namespace {

using Visit = std::function<void(const CommandRow&, const OptionRow&)>;

void for_each_option(const Visit& visit)
{
    for (const CommandRow& command : command_table()) {
        for (const OptionGroup& group : option_groups(command)) {
            for (const OptionRow& option : group.rows)
                visit(command, option);
        }
    }
}

std::string spaced(std::string unit)
{
    std::ranges::replace(unit, '|', ' ');
    return unit;
}

// In single quotes.
std::string quoted(std::string_view text, std::string_view escaped_quote)
{
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? std::string(escaped_quote) : std::string(1, c);
    return quoted + "'";
}

// `"lake"|"lake status"`: the paths of all commands, as patterns of `case`.
std::string path_patterns()
{
    std::vector<std::string> patterns;
    for (const CommandRow& command : command_table())
        patterns.push_back(fmt::format("\" {}\"", command.path));
    return fmt::format("{}", fmt::join(patterns, "|"));
}

// The branches of `case "$at $previous"`: for each option, or positional of a command, how its values are completed.
// `choose` gets the values of a choice; other options take any text.
std::string value_branches(const std::function<std::string(const std::string&)>& choose, std::string_view files,
                           std::string_view folders)
{
    std::string branches;
    std::set<std::string> known;
    for_each_option([&](const CommandRow& command, const OptionRow& option) {
        if (option.type == ValueType::flag || option.is_positional)
            return;
        auto branch = fmt::format("    \" {} --{}\") {}; return ;;\n", command.path, option.name,
                                  option.type == ValueType::choice   ? choose(spaced(std::string(option.unit)))
                                  : option.type == ValueType::file   ? std::string(files)
                                  : option.type == ValueType::folder ? std::string(folders)
                                                                     : ":");
        if (known.insert(branch).second)
            branches += branch;
    });
    return branches;
}

// What may follow each path: commands, options, and the values of a positional.
struct Candidate {
    std::string word;
    std::string_view help;
};

std::vector<Candidate> candidates(const CommandRow& command)
{
    std::vector<Candidate> found;
    for (const CommandRow* child : children(command.path))
        found.push_back({std::string(last_word(child->path)), child->help});
    for (const OptionGroup& group : option_groups(command)) {
        for (const OptionRow& option : group.rows) {
            if (!option.is_positional) {
                found.push_back({"--" + std::string(option.name), option.help});
            } else if (option.type == ValueType::choice) {
                std::string_view rest = option.unit;
                while (!rest.empty()) {
                    const auto end = std::min(rest.find('|'), rest.size());
                    found.push_back({std::string(rest.substr(0, end)), option.help});
                    rest.remove_prefix(std::min(end + 1, rest.size()));
                }
            }
        }
    }
    found.push_back({"--help", "show help"});
    return found;
}

bool takes_file(const CommandRow& command)
{
    return std::ranges::any_of(command.options, [](const OptionRow& option) {
        return option.is_positional && option.type == ValueType::file;
    });
}

// With the top level, which is no row of the table.
std::vector<CommandRow> all_paths()
{
    std::vector<CommandRow> paths = {{.path = "", .help = ""}};
    paths.insert(paths.end(), command_table().begin(), command_table().end());
    return paths;
}

std::string bash_script()
{
    std::string branches;
    for (const CommandRow& command : all_paths()) {
        std::vector<std::string> words;
        for (const Candidate& candidate : candidates(command))
            words.push_back(candidate.word);
        branches += fmt::format("    \"{}{}\") words=\"{}\"{} ;;\n", command.path.empty() ? "" : " ", command.path,
                                fmt::join(words, " "), takes_file(command) ? "; compopt -o default" : "");
    }
    return fmt::format(R"(# estante completion bash
_estante() {{
    local typed=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} at= words= i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case "$at ${{COMP_WORDS[i]}}" in
        {}) at="$at ${{COMP_WORDS[i]}}" ;;
        esac
    done
    COMPREPLY=()
    case "$at $previous" in
{}    esac
    case "$at" in
{}    esac
    COMPREPLY=($(compgen -W "$words" -- "$typed"))
}}
complete -F _estante estante
)",
                       path_patterns(),
                       value_branches(
                           [](const std::string& values) {
                               return fmt::format("COMPREPLY=($(compgen -W \"{}\" -- \"$typed\"))", values);
                           },
                           "compopt -o default", "compopt -o dirnames"),
                       branches);
}

std::string zsh_script()
{
    std::string branches;
    for (const CommandRow& command : all_paths()) {
        std::vector<std::string> words;
        std::vector<std::string> flags;
        for (const Candidate& candidate : candidates(command))
            (candidate.word.starts_with("--") ? flags : words)
                .push_back(quoted(fmt::format("{}:{}", candidate.word, candidate.help), "'\\''"));
        branches += fmt::format("    \"{}{}\") subcommands=({}); flags=({}){} ;;\n", command.path.empty() ? "" : " ",
                                command.path, fmt::join(words, " "), fmt::join(flags, " "),
                                takes_file(command) ? "; _files" : "");
    }
    return fmt::format(R"(#compdef estante
# estante completion zsh
_estante() {{
    local previous=${{words[CURRENT - 1]}} at= i
    local -a subcommands flags
    for ((i = 2; i < CURRENT; i++)); do
        case "$at ${{words[i]}}" in
        {}) at="$at ${{words[i]}}" ;;
        esac
    done
    case "$at $previous" in
{}    esac
    case "$at" in
{}    esac
    _describe command subcommands
    _describe -o option flags
}}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _estante "$@"; else compdef _estante estante; fi
)",
                       path_patterns(),
                       value_branches([](const std::string& values) { return fmt::format("compadd -- {}", values); },
                                      "_files", "_files -/"),
                       branches);
}

std::string fish_script()
{
    std::vector<std::string> paths;
    for (const CommandRow& command : command_table())
        paths.push_back(fmt::format("' {}'", command.path));
    std::string script = fmt::format(R"(# estante completion fish
function __estante_at
    set -l at ''
    for word in (commandline -opc)
        if contains -- "$at $word" {}
            set at "$at $word"
        end
    end
    test "$at" = "$argv[1]"
end
complete -c estante -f
)",
                                     fmt::join(paths, " "));
    const auto condition = [](std::string_view path) {
        return fmt::format("complete -c estante -n \"__estante_at '{}{}'\"", path.empty() ? "" : " ", path);
    };
    for (const CommandRow& command : all_paths()) {
        for (const Candidate& candidate : candidates(command)) {
            if (!candidate.word.starts_with("--"))
                script += fmt::format("{} -a {} -d {}\n", condition(command.path), candidate.word,
                                      quoted(candidate.help, "\\'"));
        }
        script += fmt::format("{} -l help -d 'show help'\n", condition(command.path));
        if (takes_file(command))
            script += fmt::format("{} -F\n", condition(command.path));
    }
    for_each_option([&](const CommandRow& command, const OptionRow& option) {
        if (option.is_positional)
            return;
        const auto values = option.type == ValueType::flag ? ""
                            : option.type == ValueType::choice
                                ? fmt::format(" -x -a '{}'", spaced(std::string(option.unit)))
                            : option.type == ValueType::file   ? " -r -F"
                            : option.type == ValueType::folder ? " -x -a '(__fish_complete_directories)'"
                                                               : " -x";
        script +=
            fmt::format("{} -l {}{} -d {}\n", condition(command.path), option.name, values, quoted(option.help, "\\'"));
    });
    return script;
}

} // namespace

int print_completion(const Options& options, Output& output)
{
    const std::map<std::string_view, std::string (*)()> scripts = {
        {"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}};
    const auto& shell = option(options, "shell");
    const auto script = scripts.find(shell);
    if (script == scripts.end()) {
        output.error(fmt::format("estante: shell must be bash, zsh or fish, is '{}'", shell));
        return 1;
    }
    output.line(script->second());
    return 0;
}

} // namespace estante::commands

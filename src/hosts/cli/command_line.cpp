#include "hosts/cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <sstream>
#include <string_view>

namespace estante {

namespace {

constexpr std::size_t help_column = 30;
constexpr std::size_t help_width = 100;

// CLI11 2.1 wraps no text.
std::string wrap(const std::string& text, std::size_t width)
{
    std::string wrapped;
    std::size_t column = 0;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        if (column > 0 && column + 1 + word.size() > width) {
            wrapped += '\n';
            column = 0;
        }
        if (column > 0) {
            wrapped += ' ';
            ++column;
        }
        wrapped += word;
        column += word.size();
    }
    return wrapped;
}

struct CommandWords {
    std::vector<std::string> arguments;
    std::string_view path{}; // of the command that they name
};

// `search acme quijote` becomes `search query acme quijote`. Throws UsageError for an unknown command, with the known
// ones: CLI11 only says that a command is missing.
CommandWords complete_command_path(std::vector<std::string> arguments)
{
    std::string_view path;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto commands = children(path);
        const auto named =
            std::ranges::find(commands, arguments[i], [](const CommandRow* row) { return last_word(row->path); });
        if (named != commands.end()) {
            path = (*named)->path;
            continue;
        }
        const auto fallback = std::ranges::find_if(commands, &CommandRow::is_default);
        if (fallback != commands.end() && arguments[i] != "--help" && arguments[i] != "-h") {
            path = (*fallback)->path;
            arguments.emplace(arguments.begin() + static_cast<std::ptrdiff_t>(i), last_word(path));
            break;
        }
        if (commands.empty() || arguments[i].starts_with('-'))
            break;
        std::vector<std::string_view> names;
        std::ranges::transform(commands, std::back_inserter(names),
                               [](const CommandRow* row) { return last_word(row->path); });
        throw UsageError{fmt::format("estante{}{}: there is no command '{}'; there are: {}\n", path.empty() ? "" : " ",
                                     path, arguments[i], fmt::join(names, ", ")),
                         2};
    }
    return {std::move(arguments), path};
}

class Parser {
public:
    explicit Parser(const Invocation& invocation)
        : invocation_(invocation), words_(complete_command_path(invocation.arguments))
    {
        app_.require_subcommand(1);
        app_.set_help_flag("--help,-h", "show this help");
        app_.get_formatter()->column_width(help_column);
        app_.get_formatter()->label("Positionals", "Arguments");
        for (const CommandRow& row : command_table())
            add_command(row);
    }

    Command parse()
    {
        try {
            app_.parse(std::vector<std::string>(words_.arguments.rbegin(), words_.arguments.rend()));
        } catch (const CLI::ParseError& error) {
            std::ostringstream out;
            std::ostringstream err;
            const int code = app_.exit(error, out, err);
            throw UsageError{code == 0 ? out.str() : err.str(), code == 0 ? 0 : 2};
        }
        if (auto file = command_.flags.extract("config"))
            command_.config_file = std::move(file.mapped());
        if (std::holds_alternative<StoreCommand>(command_.row->function))
            command_.options[working_folder] = invocation_.folder;
        if (command_.row->asks_password)
            command_.options["password"] = invocation_.secret;
        return std::move(command_);
    }

private:
    const Invocation& invocation_;
    CommandWords words_;
    CLI::App app_{"Estante: many bookshops on one server", "estante"};
    Command command_;

    void add_command(const CommandRow& row)
    {
        CLI::App* parent = &app_;
        std::istringstream groups{std::string(row.path.substr(0, row.path.size() - last_word(row.path).size()))};
        for (std::string group; groups >> group;)
            parent = parent->get_subcommand(group);
        CLI::App& app = *parent->add_subcommand(std::string(last_word(row.path)), std::string(row.help));
        if (std::holds_alternative<std::monostate>(row.function)) {
            app.require_subcommand(1);
            return;
        }
        if (row.path != words_.path) // its options are not needed
            return;
        app.final_callback([this, &row] { command_.row = &row; });
        for (const OptionGroup& group : option_groups(row)) {
            for (const OptionRow& option : group.rows)
                add_option(app, group.title, option);
        }
        for (const OptionRow& option : row.options) {
            if (!option.needs.empty())
                app.get_option(flag_name(option.name))->needs(app.get_option(flag_name(option.needs)));
            if (!option.conflicts_with.empty())
                app.get_option(flag_name(option.name))->excludes(app.get_option(flag_name(option.conflicts_with)));
        }
    }

    static std::string flag_name(std::string_view name) { return "--" + std::string(name); }

    void add_option(CLI::App& app, std::string_view group, const OptionRow& row)
    {
        const std::string name = row.is_positional ? std::string(row.name) : flag_name(row.name);
        CLI::Option* option = add_value(app, group, row, name);
        option->description(wrap(describe(row), help_width - help_column));
        option->group(std::string(group));
        option->required(row.is_required);
        if (row.type != ValueType::flag)
            option->option_text(std::string(row.unit) + (row.is_required ? " REQUIRED" : ""));
        if (!row.old_name.empty())
            add_value(app, group, row, flag_name(row.old_name))->group(""); // in no help
    }

    CLI::Option* add_value(CLI::App& app, std::string_view group, const OptionRow& row, const std::string& name)
    {
        auto& values = group == own_options ? command_.options : command_.flags;
        const std::string key(row.key.empty() ? row.name : row.key);
        if (row.type == ValueType::flag)
            return app.add_flag_function(name, [&values, key](std::int64_t) { values[key] = "true"; });
        if (row.is_repeated)
            return app.add_option_function<std::vector<std::string>>(
                name, [&values, key](const std::vector<std::string>& words) {
                    values[key] = fmt::format("{}", fmt::join(words, " "));
                });
        return app.add_option_function<std::string>(name,
                                                    [&values, key](const std::string& value) { values[key] = value; });
    }
};

} // namespace

Command parse_command_line(const Invocation& invocation)
{
    return Parser(invocation).parse();
}

} // namespace estante

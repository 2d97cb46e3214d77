// Walks the table of commands: whatever is in it must be parsed, and shown by help, completion and the manual page.
#include "hosts/cli/command_line.hpp"
#include "hosts/settings.hpp"
#include "support/temporary_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <sstream>

namespace estante {
namespace {

class CollectedOutput final : public Output {
public:
    std::string text;
    std::string errors;
    void line(std::string_view line) override { (text += line) += '\n'; }
    void error(std::string_view line) override { (errors += line) += '\n'; }
    void progress(std::string_view) override {}
};

std::vector<std::string> words_of(std::string_view path)
{
    std::istringstream words{std::string(path)};
    return {std::istream_iterator<std::string>(words), {}};
}

std::string help(std::string_view path)
{
    auto arguments = words_of(path);
    arguments.emplace_back("--help");
    try {
        parse_command_line({.arguments = std::move(arguments), .secret = {}, .folder = {}});
    } catch (const UsageError& usage) {
        EXPECT_EQ(usage.exit_code, 0) << usage.text;
        return usage.text;
    }
    ADD_FAILURE() << path << " has no help";
    return {};
}

std::string completion(const std::string& shell)
{
    CollectedOutput output;
    EXPECT_EQ(commands::print_completion({{"shell", shell}}, output), 0) << output.errors;
    return output.text;
}

std::string manual()
{
    CollectedOutput output;
    EXPECT_EQ(commands::print_manual({}, output), 0);
    return output.text;
}

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

// A command line with all required options.
std::vector<std::string> minimal_arguments(const CommandRow& command)
{
    auto arguments = words_of(command.path);
    for (const OptionRow& option : command.options) {
        if (!option.is_required)
            continue;
        if (!option.is_positional)
            arguments.push_back("--" + std::string(option.name));
        arguments.emplace_back("x");
    }
    return arguments;
}

Command parse(std::vector<std::string> arguments)
{
    try {
        return parse_command_line({.arguments = std::move(arguments), .secret = "secret", .folder = "/folder"});
    } catch (const UsageError& error) {
        ADD_FAILURE() << error.text;
        return {};
    }
}

TEST(CommandTable, HasEachCommandBelowItsGroup)
{
    std::set<std::string_view> groups = {""};
    std::set<std::string_view> paths;
    for (const CommandRow& command : command_table()) {
        EXPECT_TRUE(paths.insert(command.path).second) << command.path << " twice";
        const auto end = command.path.rfind(' ');
        EXPECT_TRUE(groups.contains(end == command.path.npos ? "" : command.path.substr(0, end))) << command.path;
        EXPECT_NE(command.help, "") << command.path;
        if (std::holds_alternative<std::monostate>(command.function))
            groups.insert(command.path);
        for (const auto setting : command.settings)
            EXPECT_TRUE(find_setting(setting)) << command.path << ": " << setting;
        for (const auto option : command.address_options)
            EXPECT_TRUE(std::ranges::find(command.options, option, &OptionRow::name) != command.options.end())
                << command.path;
    }
}

TEST(CommandTable, DescribesEachOption)
{
    for_each_option([](const CommandRow& command, const OptionRow& option) {
        const auto name = fmt::format("{} --{}", command.path, option.name);
        EXPECT_NE(option.help, "") << name;
        EXPECT_TRUE(option.type == ValueType::flag || !option.unit.empty()) << name;
        EXPECT_TRUE(option.default_value.empty() || !option.is_required) << name;
        if (option.type == ValueType::whole_number) {
            EXPECT_LT(option.min, option.max) << name;
        }
        if (option.type == ValueType::choice && !option.is_required) {
            EXPECT_TRUE(fmt::format("|{}|", option.unit).contains(fmt::format("|{}|", option.default_value))) << name;
        }
    });
}

TEST(CommandTable, GivesEachSettingATypeAUnitAndADefault)
{
    std::size_t count = 0;
    std::set<std::string_view> names;
    for (const OptionGroup& group : setting_groups()) {
        EXPECT_NE(group.title, "");
        for (const OptionRow& setting : group.rows) {
            ++count;
            EXPECT_TRUE(names.insert(setting.name).second) << setting.name << " twice";
            EXPECT_NE(setting.type, ValueType::flag) << setting.name;
            EXPECT_NE(setting.unit, "") << setting.name;
            EXPECT_NE(setting.default_value.empty(), setting.default_note.empty()) << setting.name;
            if (setting.type != ValueType::whole_number)
                continue;
            long value = -1;
            std::from_chars(setting.default_value.data(), setting.default_value.data() + setting.default_value.size(),
                            value);
            EXPECT_GE(value, setting.min) << setting.name;
            EXPECT_LE(value, setting.max) << setting.name;
        }
    }
    EXPECT_GT(count, 30U);
}

TEST(CommandTable, IsShownByHelp)
{
    const std::string top_level = help("");
    for (const CommandRow& command : command_table()) {
        const auto end = command.path.rfind(' ');
        const auto above = end == command.path.npos ? top_level : help(command.path.substr(0, end));
        EXPECT_TRUE(above.contains("  " + std::string(last_word(command.path)) + " ")) << command.path;
        const auto text = help(command.path);
        EXPECT_TRUE(text.contains(command.help)) << command.path;
        for (const OptionGroup& group : option_groups(command)) {
            EXPECT_TRUE(text.contains("\n" + std::string(group.title) + ":\n")) << command.path << text;
            for (const OptionRow& option : group.rows) {
                const auto shown = option.is_positional ? fmt::format("\n  {}", option.name)
                                   : option.type == ValueType::flag
                                       ? fmt::format("\n  --{}", option.name)
                                       : fmt::format("\n  --{} {}", option.name, option.unit);
                EXPECT_TRUE(text.contains(shown)) << command.path << shown << "\n" << text;
                if (!option.default_value.empty()) {
                    EXPECT_TRUE(text.contains(fmt::format("{}]", option.default_value))) << command.path << shown;
                }
            }
        }
    }
}

TEST(CommandTable, IsInTheCompletionOfEachShell)
{
    const std::string bash = completion("bash");
    const std::string zsh = completion("zsh");
    const std::string fish = completion("fish");
    const auto branch_of = [](const std::string& script, std::string_view path) {
        const auto begin = script.rfind(fmt::format("\n    \" {}\") ", path));
        EXPECT_NE(begin, script.npos) << path;
        return script.substr(begin, script.find('\n', begin + 1) - begin);
    };
    for_each_option([&](const CommandRow& command, const OptionRow& option) {
        if (option.is_positional)
            return;
        const auto name = fmt::format("--{}", option.name);
        EXPECT_TRUE(branch_of(bash, command.path).contains(name)) << command.path << name;
        EXPECT_TRUE(branch_of(zsh, command.path).contains("'" + name + ":")) << command.path << name;
        EXPECT_TRUE(fish.contains(fmt::format("__estante_at ' {}'\" -l {} ", command.path, option.name)))
            << command.path << name;
    });
    CollectedOutput output;
    EXPECT_EQ(commands::print_completion({{"shell", "csh"}}, output), 1);
    EXPECT_TRUE(output.errors.contains("bash, zsh or fish"));
}

TEST(CommandTable, IsInTheManualPage)
{
    const std::string page = manual();
    const auto escaped = [](std::string text) {
        for (std::size_t at = 0; (at = text.find('-', at)) != text.npos; at += 2)
            text.insert(at, "\\");
        return text;
    };
    for (const CommandRow& command : command_table()) {
        if (!std::holds_alternative<std::monostate>(command.function)) {
            EXPECT_TRUE(page.contains(escaped(fmt::format(".SS estante {}\n", command.path)))) << command.path;
        }
    }
    for_each_option([&](const CommandRow& command, const OptionRow& option) {
        const auto name = fmt::format("{}{}", option.is_positional ? "" : "--", option.name);
        EXPECT_TRUE(page.contains("\\fB" + escaped(name) + "\\fR")) << command.path << " " << name;
        EXPECT_TRUE(page.contains(escaped(describe(option)))) << command.path << " " << name;
    });
}

TEST(CommandTable, ParsesEachOption)
{
    for_each_option([](const CommandRow& command, const OptionRow& option) {
        auto arguments = minimal_arguments(command);
        const auto with_old_name = arguments;
        const std::string value = option.type == ValueType::flag ? "true" : "x";
        if (!option.is_required) {
            if (!option.is_positional)
                arguments.push_back("--" + std::string(option.name));
            if (option.type != ValueType::flag)
                arguments.push_back(value);
            if (!option.needs.empty())
                arguments.insert(arguments.end(), {"--" + std::string(option.needs), "x"});
        }
        const std::string key(option.key.empty() ? option.name : option.key);
        const auto value_in = [&](Command parsed) {
            EXPECT_EQ(parsed.row, &command);
            return option.name == "config"                                      ? parsed.config_file
                   : find_setting(option.name) && !parsed.options.contains(key) ? parsed.flags[key]
                                                                                : parsed.options[key];
        };
        EXPECT_EQ(value_in(parse(arguments)), value) << command.path << " " << option.name;
        if (option.old_name.empty())
            return;
        arguments = with_old_name;
        arguments.push_back("--" + std::string(option.old_name));
        if (option.type != ValueType::flag)
            arguments.push_back(value);
        EXPECT_EQ(value_in(parse(arguments)), value) << command.path << " " << option.old_name;
        EXPECT_FALSE(help(command.path).contains("--" + std::string(option.old_name)));
    });
}

TEST(CommandLine, ChecksTheValuesOfSettingsOnlyWhenTheyAreUsed)
{
    const Command command = parse({"config", "--loops", "many"});
    const Settings settings(command.flags, command.config_file);
    EXPECT_EQ(settings.text("loops"), "many");
    EXPECT_THROW(settings.whole("loops"), std::runtime_error);
    EXPECT_EQ(Settings({{"loops", "256"}}, "").whole("loops"), 256);
    EXPECT_THROW(Settings({{"loops", "257"}}, "").whole("loops"), std::runtime_error);
}

TEST(CommandLine, ReadsEachRenamedSettingUnderItsOldNameInAFileToo)
{
    const TemporaryFolder folder;
    const auto file = folder.path() / "estante.toml";
    for (const OptionGroup& group : setting_groups()) {
        for (const OptionRow& row : group.rows) {
            if (row.old_name.empty())
                continue;
            std::ofstream(file) << row.old_name << " = \"7\"\n";
            EXPECT_EQ(Settings({}, file.native()).text(row.name), "7");
        }
    }
    std::ofstream(file) << "athena-within-s = 7\n";
    EXPECT_EQ(Settings({}, file.native()).whole("athena-timeout-s"), 7);
}

TEST(CommandLine, InsertsTheDefaultCommandOfAGroup)
{
    const Command command = parse({"search", "acme", "don", "quijote", "--limit", "3"});
    EXPECT_EQ(command.row->path, "search query");
    EXPECT_EQ(command.options.at("words"), "acme don quijote");
    EXPECT_EQ(command.options.at("limit"), "3");
    EXPECT_EQ(parse({"search", "verify"}).row->path, "search verify");
}

TEST(CommandLine, ListsTheCommandsOfAGroupForAnUnknownOne)
{
    try {
        parse_command_line({.arguments = {"streams", "dead-letters", "lst"}, .secret = {}, .folder = {}});
        FAIL();
    } catch (const UsageError& error) {
        EXPECT_EQ(error.exit_code, 2);
        EXPECT_EQ(error.text, "estante streams dead-letters: there is no command 'lst'; there are: list, replay\n");
    }
}

TEST(CommandLine, PassesSecretAndFolderToTheCommandsThatNeedThem)
{
    const Command create = parse({"operator", "create", "ana@example.com"});
    EXPECT_EQ(create.options.at("password"), "secret");
    EXPECT_EQ(create.options.at(working_folder), "/folder");
    EXPECT_FALSE(parse({"user", "list", "acme"}).options.contains("password"));
}

} // namespace
} // namespace estante

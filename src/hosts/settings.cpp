#include "hosts/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <charconv>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <utility>

namespace estante {

std::string environment_name(std::string_view setting)
{
    std::string name = "ESTANTE_";
    for (const char c : setting)
        name += c == '-' ? '_' : static_cast<char>(c & ~0x20);
    return name;
}

namespace {

std::string known_names()
{
    std::vector<std::string_view> names;
    for (const OptionGroup& group : setting_groups()) {
        for (const OptionRow& row : group.rows)
            names.push_back(row.name);
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

std::map<std::string, std::string> read_file(const std::string& path)
{
    std::map<std::string, std::string> values;
    toml::table table;
    try {
        table = toml::parse_file(path);
    } catch (const toml::parse_error& error) {
        throw std::runtime_error(fmt::format("{}, line {}: {}", path, error.source().begin.line, error.description()));
    }
    for (const auto& [key, node] : table) {
        const std::string name(key.str());
        if (!find_setting(name))
            throw std::runtime_error(fmt::format("{}, line {}: there is no setting '{}'; the settings are {}", path,
                                                 node.source().begin.line, name, known_names()));
        if (const auto text = node.value<std::string>())
            values[name] = *text;
        else if (const auto number = node.value<std::int64_t>())
            values[name] = std::to_string(*number);
        else
            throw std::runtime_error(fmt::format("{}, line {}: '{}' must be a string or a whole number", path,
                                                 node.source().begin.line, name));
    }
    return values;
}

} // namespace

Settings::Settings(const std::map<std::string, std::string>& flags, const std::string& file)
{
    const auto in_file = file.empty() ? std::map<std::string, std::string>() : read_file(file);
    const auto in_environment = [](std::string_view name) -> std::optional<Entry> {
        const auto variable = environment_name(name);
        if (const char* value = std::getenv(variable.c_str())) // NOLINT(concurrency-mt-unsafe): before any thread
            return Entry{value, "environment " + variable};
        return std::nullopt;
    };
    const auto resolve = [&](const OptionRow& row) -> Entry {
        const std::string name(row.name);
        if (const auto flag = flags.find(name); flag != flags.end())
            return {flag->second, "flag --" + name};
        for (const std::string_view known : {row.name, row.old_name}) {
            if (auto entry = known.empty() ? std::nullopt : in_environment(known))
                return std::move(*entry);
        }
        for (const std::string_view known : {row.name, row.old_name}) {
            if (const auto found = in_file.find(std::string(known)); found != in_file.end())
                return {found->second, file};
        }
        return {std::string(row.default_value), "default"};
    };
    for (const OptionGroup& group : setting_groups()) {
        for (const OptionRow& row : group.rows)
            entries_.emplace(row.name, resolve(row));
    }
}

const Settings::Entry& Settings::entry(std::string_view name) const
{
    const auto found = entries_.find(name);
    if (found == entries_.end())
        throw std::logic_error(fmt::format("no setting {}", name));
    return found->second;
}

const std::string& Settings::text(std::string_view name) const
{
    return entry(name).value;
}

long Settings::whole(std::string_view name) const
{
    const Entry& found = entry(name);
    const OptionRow& row = *find_setting(name);
    long value = 0;
    const auto end = found.value.data() + found.value.size();
    const auto [rest, error] = std::from_chars(found.value.data(), end, value);
    if (error != std::errc{} || rest != end || value < row.min || value > row.max)
        throw std::runtime_error(fmt::format("{} ({}) must be a whole number from {} to {}, is '{}'", name,
                                             found.source, row.min, row.max, found.value));
    return value;
}

} // namespace estante

#include "adapters/filesystem/key_paths.hpp"

#include <algorithm>

namespace estante::filesystem {

namespace {

constexpr std::size_t part_bytes = 80;
constexpr std::string_view undotted_file = ".%";
constexpr std::string_view continued = "%+";
constexpr std::string_view empty_folder = "%-"; // the rest of a part of exactly 80 bytes

std::string escaped(std::string_view part, bool folder)
{
    std::string name;
    for (std::size_t i = 0; i < part.size(); ++i) {
        if (part[i] == '%')
            name += "%25";
        else if (part[i] == '.' && (folder || i == 0))
            name += "%2E";
        else
            name += part[i];
    }
    return name;
}

std::string name_of_file(std::string_view part)
{
    auto name = escaped(part, false);
    if (!name.contains('.'))
        name += undotted_file;
    return name;
}

std::string name_of_folder(std::string_view part)
{
    return part.empty() ? std::string(empty_folder) : escaped(part, true);
}

std::string unescaped(std::string_view name)
{
    std::string part;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto code = name.substr(i, 3);
        if (code == "%25" || code == "%2E") {
            part += code == "%25" ? '%' : '.';
            i += 2;
        } else {
            part += name[i];
        }
    }
    return part;
}

} // namespace

std::filesystem::path path_of_key(std::string_view key)
{
    std::string path;
    for (std::size_t from = 0;;) {
        const auto slash = key.find('/', from);
        auto part = key.substr(from, slash == key.npos ? slash : slash - from);
        for (; part.size() >= part_bytes; part.remove_prefix(part_bytes))
            ((path += name_of_folder(part.substr(0, part_bytes))) += continued) += '/';
        if (slash == key.npos)
            return path += name_of_file(part);
        (path += name_of_folder(part)) += '/';
        from = slash + 1;
    }
}

std::optional<std::string> key_piece_of_file(std::string_view name)
{
    auto rest = name;
    if (rest.ends_with(undotted_file))
        rest.remove_suffix(undotted_file.size());
    auto part = unescaped(rest);
    if (part.size() >= part_bytes || name_of_file(part) != name)
        return std::nullopt;
    return part;
}

std::optional<std::string> key_piece_of_folder(std::string_view name)
{
    if (name == empty_folder)
        return "/";
    const bool goes_on = name.ends_with(continued);
    auto part = unescaped(goes_on ? name.substr(0, name.size() - continued.size()) : name);
    const bool fits = goes_on ? part.size() == part_bytes : part.size() < part_bytes && !part.empty();
    if (!fits || name_of_folder(part) != name.substr(0, name.size() - (goes_on ? continued.size() : 0)))
        return std::nullopt;
    if (!goes_on)
        part += '/';
    return part;
}

} // namespace estante::filesystem

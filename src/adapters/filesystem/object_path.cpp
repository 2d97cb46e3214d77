#include "adapters/filesystem/object_path.hpp"

#include <algorithm>

namespace estante::filesystem {

namespace {

constexpr std::size_t max_part_bytes = 80;
constexpr std::string_view undotted_file_suffix = ".%";
constexpr std::string_view continued_suffix = "%+";
constexpr std::string_view empty_folder = "%-"; // the rest of a part of exactly 80 bytes

std::string escape(std::string_view part, bool folder)
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

std::string file_name(std::string_view part)
{
    auto name = escape(part, false);
    if (!name.contains('.'))
        name += undotted_file_suffix;
    return name;
}

std::string folder_name(std::string_view part)
{
    return part.empty() ? std::string(empty_folder) : escape(part, true);
}

std::string unescape(std::string_view name)
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

std::filesystem::path to_object_path(std::string_view key)
{
    std::string path;
    for (std::size_t from = 0;;) {
        const auto slash = key.find('/', from);
        auto part = key.substr(from, slash == key.npos ? slash : slash - from);
        for (; part.size() >= max_part_bytes; part.remove_prefix(max_part_bytes))
            ((path += folder_name(part.substr(0, max_part_bytes))) += continued_suffix) += '/';
        if (slash == key.npos)
            return path += file_name(part);
        (path += folder_name(part)) += '/';
        from = slash + 1;
    }
}

std::optional<std::string> key_part_from_file(std::string_view name)
{
    auto rest = name;
    if (rest.ends_with(undotted_file_suffix))
        rest.remove_suffix(undotted_file_suffix.size());
    auto part = unescape(rest);
    if (part.size() >= max_part_bytes || file_name(part) != name)
        return std::nullopt;
    return part;
}

std::optional<std::string> key_part_from_folder(std::string_view name)
{
    if (name == empty_folder)
        return "/";
    const bool continues = name.ends_with(continued_suffix);
    auto part = unescape(continues ? name.substr(0, name.size() - continued_suffix.size()) : name);
    const bool fits = continues ? part.size() == max_part_bytes : part.size() < max_part_bytes && !part.empty();
    if (!fits || folder_name(part) != name.substr(0, name.size() - (continues ? continued_suffix.size() : 0)))
        return std::nullopt;
    if (!continues)
        part += '/';
    return part;
}

} // namespace estante::filesystem

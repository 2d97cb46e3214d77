#include "adapters/aws/headers.hpp"

#include <algorithm>

namespace estante::aws {

namespace {

char to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

} // namespace

std::string_view find_header(const Headers& headers, std::string_view name)
{
    const auto found = std::ranges::find_if(
        headers, [name](const auto& field) { return std::ranges::equal(field.first, name, {}, to_lower, to_lower); });
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

} // namespace estante::aws

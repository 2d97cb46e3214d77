#include "adapters/aws/headers.hpp"

#include <algorithm>

namespace estante::aws {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

} // namespace

std::string_view header_of(const Headers& headers, std::string_view name)
{
    const auto found = std::ranges::find_if(
        headers, [name](const auto& field) { return std::ranges::equal(field.first, name, {}, lower, lower); });
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

} // namespace estante::aws

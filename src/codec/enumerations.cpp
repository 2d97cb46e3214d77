#include "codec/enumerations.hpp"

namespace estante::codec {

std::string enumerator_name(std::string_view identifier)
{
    constexpr std::string_view minus = "minus_";
    if (identifier.starts_with(minus))
        return "-" + std::string(identifier.substr(minus.size()));
    if (identifier.ends_with('_'))
        identifier.remove_suffix(1);
    return std::string(identifier);
}

} // namespace estante::codec

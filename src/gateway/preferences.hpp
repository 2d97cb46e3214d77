// The elements of Accept, Accept-Encoding and Accept-Language (RFC 9110, 12.4.2 and 12.5).
#pragma once

#include <algorithm>
#include <charconv>
#include <string_view>

namespace estante {

// Calls visit(value, quality) for each element in order: value without parameters, quality from `q` or else 1. Stops
// when visit returns false.
template <class Visit> void each_preference(std::string_view header, Visit&& visit)
{
    while (!header.empty()) {
        const auto comma = std::min(header.find(','), header.size());
        auto element = header.substr(0, comma);
        header.remove_prefix(std::min(comma + 1, header.size()));
        element.remove_prefix(std::min(element.find_first_not_of(' '), element.size()));
        double quality = 1;
        if (const auto at = element.find("q="); at != element.npos)
            std::from_chars(element.data() + at + 2, element.data() + element.size(), quality);
        if (!visit(element.substr(0, element.find_first_of("; ")), quality))
            return;
    }
}

} // namespace estante

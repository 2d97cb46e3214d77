// What a text with a format of its own must be, for people: completes "must be …" in both languages of the API.
#pragma once

#include <string_view>

namespace estante {

struct TextFormat {
    std::string_view es;
    std::string_view en;
};

} // namespace estante

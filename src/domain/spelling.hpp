// What a text with a spelling of its own has to be, for people: completes "must be …" in both languages of the API.
#pragma once

#include <string_view>

namespace estante {

struct Spelling {
    std::string_view es;
    std::string_view en;
};

} // namespace estante

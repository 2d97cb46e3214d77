// White space in texts that people or other programs typed.
#pragma once

#include <string>
#include <string_view>

namespace estante {

// Without white space at its ends, each run of white space (Unicode White_Space, line breaks too) one space, and
// without the invisible marks of text direction (U+200E, U+200F, U+202A…U+202E, U+2066…U+2069) and byte order marks.
// Bytes that are no UTF-8 stay.
std::string single_spaced(std::string_view text);

} // namespace estante

// White space in texts from people and other programs.
#pragma once

#include <string>
#include <string_view>

namespace estante {

// Trims the text, replaces each run of white space (Unicode White_Space, which includes line breaks) by one space, and
// removes the invisible marks of text direction (U+200E, U+200F, U+202A…U+202E, U+2066…U+2069) and byte order marks.
// Bytes that are not UTF-8 are left as they are.
std::string collapse_white_space(std::string_view text);

} // namespace estante

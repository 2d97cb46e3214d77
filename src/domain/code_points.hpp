// Code points of UTF-8 text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace estante {

// The code point that begins at `at` (below the text's size), which moves behind it; negative for bytes that are no
// UTF-8 (Unicode 15, table 3-7), of which at least one is passed.
std::int32_t next_code_point(std::string_view text, std::size_t& at);

// How many code points well-formed text has.
std::size_t count_code_points(std::string_view text);

// The longest beginning of well-formed text that has at most so many bytes and ends between two characters.
std::string_view first_bytes(std::string_view text, std::size_t max_bytes);

} // namespace estante

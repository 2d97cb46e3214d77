// Code points of UTF-8 text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace estante {

// Returns the code point at `at`, which is below the text's size, and moves `at` behind it. Negative for bytes that are
// not UTF-8 (Unicode 15, table 3-7): then `at` moves by at least one byte.
std::int32_t next_code_point(std::string_view text, std::size_t& at);

// The number of code points of well-formed text.
std::size_t count_code_points(std::string_view text);

// The longest beginning of well-formed text that has at most so many bytes and ends between two characters.
std::string_view first_bytes(std::string_view text, std::size_t max_bytes);

} // namespace estante

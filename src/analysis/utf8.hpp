// Code points of UTF-8 text, ill-formed or not.
#pragma once

#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace estante::analysis {

// Returns the code point at `at`, which must be before the end, and moves `at` behind it. U+FFFD for an ill-formed
// sequence.
inline UChar32 next_code_point(std::string_view text, std::size_t& at)
{
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(text.data(), at, text.size(), c); // NOLINT(bugprone-inc-dec-in-conditions)
    return c;
}

inline void append_code_point(std::string& text, UChar32 c)
{
    char encoded[U8_MAX_LENGTH];
    std::size_t length = 0;
    U8_APPEND_UNSAFE(encoded, length, c);
    text.append(encoded, length);
}

inline bool is_ascii(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

inline std::size_t utf16_units(UChar32 c)
{
    return static_cast<std::size_t>(U16_LENGTH(c));
}

} // namespace estante::analysis

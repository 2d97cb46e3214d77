#include "domain/code_points.hpp"

#include <unicode/utf8.h>

#include <algorithm>

namespace estante {

std::int32_t next_code_point(std::string_view text, std::size_t& at)
{
    UChar32 c = 0;
    U8_NEXT(text.data(), at, text.size(), c); // NOLINT(bugprone-inc-dec-in-conditions): ICU's macro
    return c;
}

std::size_t count_code_points(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string_view first_bytes(std::string_view text, std::size_t max_bytes)
{
    if (text.size() <= max_bytes)
        return text;
    const auto is_continuation = [](char c) { return (c & 0xC0) == 0x80; };
    while (max_bytes > 0 && is_continuation(text[max_bytes]))
        --max_bytes;
    return text.substr(0, max_bytes);
}

} // namespace estante

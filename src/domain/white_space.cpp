#include "domain/white_space.hpp"

#include "domain/code_points.hpp"

#include <unicode/uchar.h>

#include <cstdint>

namespace estante {

namespace {

bool is_direction_mark(UChar32 c)
{
    return c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

} // namespace

std::string collapse_white_space(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    bool space = false;
    for (std::size_t at = 0; at < text.size();) {
        const auto from = at;
        const auto c = next_code_point(text, at);
        if (c >= 0 && u_isUWhiteSpace(c)) {
            space = true;
        } else if (!is_direction_mark(c)) {
            if (space && !out.empty())
                out += ' ';
            space = false;
            out.append(text, from, at - from);
        }
    }
    return out;
}

} // namespace estante

// The rules of StandardTokenizer for emoji sequences (Unicode TR51).
#pragma once

#include "analysis/character_cursor.hpp"

#include <cstddef>

namespace estante::analysis {

// Code point of an emoji sequence without a class of its own.
inline constexpr UChar32 zero_width_joiner = 0x200D;

// Each returns the end of the longest sequence of its type that starts at the cursor; the cursor's offset if none does.

// [0-9#*] and a combining keycap, with combining marks in any order. The cursor is at the base character.
std::size_t match_keycap(CharacterCursor cursor);
// Pictographs, each with its marks and presentation selector, joined by zero-width joiners; or one pictograph with tags
// (regional flags).
std::size_t match_emoji(CharacterCursor cursor);
// Two regional indicators.
std::size_t match_flag(CharacterCursor cursor);

} // namespace estante::analysis

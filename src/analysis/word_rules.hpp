// The rules of StandardTokenizer for words: letters, numbers, katakana and the punctuation inside them.
#pragma once

#include "analysis/character_cursor.hpp"

#include <cstddef>

namespace estante::analysis {

// The end of the longest word that starts at the cursor; the cursor's offset if none does.
std::size_t match_word(CharacterCursor cursor);

} // namespace estante::analysis

// The character classes of Lucene's StandardTokenizer, computed from ICU's properties. Lucene's grammar is generated
// from Unicode 12.1, so characters assigned later are `none`: otherwise a title would get different terms here and
// there.
#pragma once

#include <unicode/umachine.h>

#include <cstdint>

namespace estante::analysis {

// A bit set, because some characters are in several classes (ℹ is a letter and an emoji).
using CharacterClass = std::uint32_t;

namespace char_class {
inline constexpr CharacterClass none = 0;
inline constexpr CharacterClass letter = 1U << 0;       // Word_Break = ALetter or Hebrew_Letter
inline constexpr CharacterClass hebrew = 1U << 1;       // with `letter`
inline constexpr CharacterClass numeric = 1U << 2;      // Word_Break = Numeric, and full-width digits
inline constexpr CharacterClass katakana = 1U << 3;     // Word_Break = Katakana
inline constexpr CharacterClass connector = 1U << 4;    // Word_Break = ExtendNumLet
inline constexpr CharacterClass mid_letter = 1U << 5;   // Word_Break = MidLetter, MidNumLet or Single_Quote
inline constexpr CharacterClass mid_number = 1U << 6;   // Word_Break = MidNum, MidNumLet or Single_Quote
inline constexpr CharacterClass single_quote = 1U << 7; // with the two above
inline constexpr CharacterClass double_quote = 1U << 8; // Word_Break = Double_Quote
inline constexpr CharacterClass extends = 1U << 9;      // Word_Break = Extend, Format or ZWJ
inline constexpr CharacterClass regional = 1U << 10;    // Regional_Indicator; two make a flag
inline constexpr CharacterClass han = 1U << 11;         // Script = Han
inline constexpr CharacterClass hiragana = 1U << 12;    // Script = Hiragana
inline constexpr CharacterClass complex = 1U << 13;     // Line_Break = Complex_Context: Thai, Lao, Khmer, Myanmar …
inline constexpr CharacterClass emoji = 1U << 14; // Extended_Pictographic, or Emoji but digits, flags and modifiers
inline constexpr CharacterClass emoji_modifier = 1U << 15; // skin tones
} // namespace char_class

// Any thread. A table lookup for the scripts of Europe and the Near East, several ICU lookups for the others.
CharacterClass classify(UChar32 c);

// The same without the table, directly from ICU's properties.
CharacterClass classify_by_properties(UChar32 c);

} // namespace estante::analysis

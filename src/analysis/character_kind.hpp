// What a code point is to the word splitter: the character classes of Lucene's StandardTokenizer, taken from ICU.
// The classes are those of Unicode 12.1, which Lucene's grammar is generated from: characters assigned later are
// `none`, or the same title would have other terms here than there.
#pragma once

#include <unicode/umachine.h>

#include <cstdint>

namespace estante::analysis {

// A set of bits: some characters are in several classes (ℹ is a letter and an emoji).
using CharacterKind = std::uint32_t;

namespace kind {
inline constexpr CharacterKind none = 0;
inline constexpr CharacterKind letter = 1U << 0;       // Word_Break = ALetter or Hebrew_Letter
inline constexpr CharacterKind hebrew = 1U << 1;       // with `letter`
inline constexpr CharacterKind numeric = 1U << 2;      // Word_Break = Numeric, and full-width digits
inline constexpr CharacterKind katakana = 1U << 3;     // Word_Break = Katakana
inline constexpr CharacterKind connector = 1U << 4;    // Word_Break = ExtendNumLet
inline constexpr CharacterKind mid_letter = 1U << 5;   // Word_Break = MidLetter, MidNumLet or Single_Quote
inline constexpr CharacterKind mid_number = 1U << 6;   // Word_Break = MidNum, MidNumLet or Single_Quote
inline constexpr CharacterKind single_quote = 1U << 7; // with the two above
inline constexpr CharacterKind double_quote = 1U << 8; // Word_Break = Double_Quote
inline constexpr CharacterKind extends = 1U << 9;      // Word_Break = Extend, Format or ZWJ
inline constexpr CharacterKind regional = 1U << 10;    // half a flag
inline constexpr CharacterKind han = 1U << 11;         // Script = Han
inline constexpr CharacterKind hiragana = 1U << 12;    // Script = Hiragana
inline constexpr CharacterKind complex = 1U << 13;     // Line_Break = Complex_Context: Thai, Lao, Khmer, Myanmar …
inline constexpr CharacterKind emoji = 1U << 14; // Extended_Pictographic, or Emoji but digits, flags and modifiers
inline constexpr CharacterKind emoji_modifier = 1U << 15; // skin tones
} // namespace kind

// Any thread. Fast for the scripts of Europe and the Near East, a few ICU look-ups for the others.
CharacterKind kind_of(UChar32 c);

// The same without the table of common characters, straight from ICU's properties.
CharacterKind kind_by_properties(UChar32 c);

} // namespace estante::analysis

// Text without its accents, for readers who type none.
#pragma once

#include <string>
#include <string_view>

namespace estante::analysis {

// Each letter that Unicode decomposes into a base and combining marks (UAX #15, general category Mn) becomes its base,
// and marks by themselves go: accents, cedillas, the tilde of ñ. Other letters stay, such as ø, ß, æ and the syllables
// of Hangul. Of ill-formed UTF-8 each sequence becomes U+FFFD. Appends.
void append_without_accents(std::string& out, std::string_view text);
std::string without_accents(std::string_view text);

// Whether it would stay as it is; quick for ASCII.
bool is_without_accents(std::string_view text);

} // namespace estante::analysis

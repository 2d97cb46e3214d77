// Accent folding: text without its accents, for queries that are typed without them.
#pragma once

#include <string>
#include <string_view>

namespace estante::analysis {

// Appends `text` folded: each letter that Unicode decomposes into a base and combining marks (UAX #15, general category
// Mn) becomes its base, and separate marks are removed. This drops accents, cedillas and the tilde of ñ. Letters
// without such a decomposition stay, for example ø, ß, æ and Hangul syllables. An ill-formed UTF-8 sequence becomes
// U+FFFD.
void append_folded(std::string& out, std::string_view text);
std::string fold_accents(std::string_view text);

// Whether folding leaves the text unchanged. Fast for ASCII.
bool is_folded(std::string_view text);

} // namespace estante::analysis

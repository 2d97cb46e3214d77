// The analyzer `spanish_custom` of the index mapping: StandardTokenizer, lower case per code point, the stop words el,
// la, de, que, y, a, and Lucene's SpanishLightStemmer. Short words keep their accents; nothing else is folded.
#pragma once

#include "analysis/standard_tokenizer.hpp"

#include <string>
#include <string_view>

namespace estante::analysis {

// The terms of a text, like a Lucene TokenStream. Reads UTF-8, ill-formed or not. One object is used by one thread.
class SpanishAnalyzer {
public:
    explicit SpanishAnalyzer(std::string_view text) : tokens_(text) {}

    // Sets `term` to the next term, valid until the next call. False at the end of the text.
    bool next(std::string_view& term);

private:
    StandardTokenizer tokens_;
    std::string term_;
};

// The term of a single word; empty for a stop word.
std::string analyze_word(std::string_view word);

// Lower-cases each code point separately, as Java's Character.toLowerCase(int) does.
void append_lower_case(std::string& out, std::string_view word);

bool is_stop_word(std::string_view lower_case_word);

// Stems a lower-case word in place. The lengths in the rules are UTF-16 units.
// Source: lucene/analysis/common/src/java/org/apache/lucene/analysis/es/SpanishLightStemmer.java
void stem_spanish(std::string& word);

} // namespace estante::analysis

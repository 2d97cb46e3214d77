// The document's analyzer `spanish_custom`: words (see word_splitter.hpp), lower case per code point, without the stop
// words el, la, de, que, y, a, and Lucene's SpanishLightStemmer. Accents of short words stay; nothing else is folded.
#pragma once

#include "analysis/word_splitter.hpp"

#include <string>
#include <string_view>

namespace estante::analysis {

// Reads UTF-8, ill-formed or not. Any thread, one object each.
class SpanishTerms {
public:
    explicit SpanishTerms(std::string_view text) : words_(text) {}

    // The next term, valid until the next call; false at the end of the text.
    bool next(std::string_view& term);

private:
    WordSplitter words_;
    std::string term_;
};

// Lower case of each code point by itself, as Java's Character.toLowerCase(int) does it.
void append_lower_case(std::string& out, std::string_view word);

bool is_stop_word(std::string_view lower_case_word);

// Stems a lower-case word in place. Lengths in the rules are UTF-16 units.
// Source: lucene/analysis/common/src/java/org/apache/lucene/analysis/es/SpanishLightStemmer.java
void stem_spanish(std::string& word);

} // namespace estante::analysis

// Splits text into words exactly as Lucene's StandardTokenizer does: the word boundaries of UAX #29 with these
// differences. An emoji sequence is a token; each Han and each Hiragana character is one; a run of Thai, Lao, Khmer or
// Myanmar is one; a word longer than 255 UTF-16 units is cut into pieces of 255.
// Source: lucene/core/src/java/org/apache/lucene/analysis/standard/StandardTokenizerImpl.jflex
#pragma once

#include <cstddef>
#include <string_view>

namespace estante::analysis {

// Reads UTF-8; an ill-formed sequence is a character that belongs to no word.
class WordSplitter {
public:
    static constexpr std::size_t longest_word = 255; // UTF-16 units

    explicit WordSplitter(std::string_view text) : text_(text) {}

    // The next word, a part of the text; false at its end.
    bool next(std::string_view& word);

private:
    std::string_view text_;
    std::size_t at_ = 0;
};

} // namespace estante::analysis

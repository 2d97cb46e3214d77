// Splits text into the tokens of Lucene's StandardTokenizer: the word boundaries of UAX #29 with these differences. An
// emoji sequence is one token, and so is each Han and each Hiragana character. A run of Thai, Lao, Khmer or Myanmar is
// one token. A token longer than 255 UTF-16 units is cut into pieces of 255.
// Source: lucene/core/src/java/org/apache/lucene/analysis/standard/StandardTokenizerImpl.jflex
#pragma once

#include <cstddef>
#include <string_view>

namespace estante::analysis {

// Reads UTF-8. An ill-formed sequence is a character that belongs to no token.
class StandardTokenizer {
public:
    static constexpr std::size_t max_token_length = 255; // UTF-16 units

    explicit StandardTokenizer(std::string_view text) : text_(text) {}

    // Sets `token` to the next token, a view into the text. False at the end of the text.
    bool next(std::string_view& token);

private:
    std::string_view text_;
    std::size_t at_ = 0;
};

template <class Function> void for_each_token(std::string_view text, Function&& function)
{
    StandardTokenizer tokens(text);
    for (std::string_view token; tokens.next(token);)
        function(token);
}

} // namespace estante::analysis

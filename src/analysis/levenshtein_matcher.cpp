#include "analysis/levenshtein_matcher.hpp"

#include "analysis/utf8.hpp"

#include <algorithm>

namespace estante::analysis {

namespace {

void read_letters(std::u32string& letters, std::string_view text)
{
    letters.clear();
    for (std::size_t at = 0; at < text.size();)
        letters += static_cast<char32_t>(next_code_point(text, at));
}

} // namespace

WordSignature::WordSignature(std::string_view word)
{
    constexpr std::uint32_t max_length = 31;
    std::uint32_t length = 0;
    for (std::size_t at = 0; at < word.size(); ++length) {
        const auto low = static_cast<std::uint32_t>(next_code_point(word, at)) & 31U;
        packed_ |= 1U << (low < letter_bits ? low : 0);
    }
    packed_ |= std::min(length, max_length) << letter_bits;
}

LevenshteinMatcher::LevenshteinMatcher(std::string_view word) : signature_(word)
{
    read_letters(letters_, word);
    max_edits_ = max_edits_for(letters_.size());
    for (auto& row : rows_)
        row.resize(letters_.size() + 1);
}

unsigned LevenshteinMatcher::distance(std::string_view other)
{
    const unsigned too_far = max_edits_ + 1;
    if (!may_match(WordSignature(other)))
        return too_far;
    read_letters(other_, other);
    const auto difference = std::max(letters_.size(), other_.size()) - std::min(letters_.size(), other_.size());
    if (difference > max_edits_ || letters_.empty() || other_.empty() || letters_.front() != other_.front())
        return letters_ == other_ ? 0 : too_far;

    auto& rows = rows_;
    for (unsigned column = 0; column <= letters_.size(); ++column)
        rows[0][column] = column;
    for (std::size_t line = 1; line <= other_.size(); ++line) {
        auto& row = rows[line % 3];
        const auto& above = rows[(line + 2) % 3];
        const auto& before = rows[(line + 1) % 3];
        row[0] = static_cast<unsigned>(line);
        for (std::size_t column = 1; column <= letters_.size(); ++column) {
            const bool equal = letters_[column - 1] == other_[line - 1];
            row[column] = std::min({above[column] + 1, row[column - 1] + 1, above[column - 1] + (equal ? 0U : 1U)});
            if (line > 1 && column > 1 && letters_[column - 1] == other_[line - 2] &&
                letters_[column - 2] == other_[line - 1])
                row[column] = std::min(row[column], before[column - 2] + 1);
        }
        if (*std::ranges::min_element(row) > max_edits_ && *std::ranges::min_element(above) > max_edits_)
            return too_far;
    }
    return std::min(rows[other_.size() % 3][letters_.size()], too_far);
}

} // namespace estante::analysis

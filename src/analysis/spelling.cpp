#include "analysis/spelling.hpp"

#include "analysis/utf8.hpp"

#include <algorithm>
#include <bit>

namespace estante::analysis {

namespace {

void read_letters(std::u32string& letters, std::string_view text)
{
    letters.clear();
    for (std::size_t at = 0; at < text.size();)
        letters += static_cast<char32_t>(next_code_point(text, at));
}

struct Letters {
    std::uint32_t bits = 0;
    bool ascii = true;
};
Letters letters_in(std::string_view text)
{
    std::uint32_t bits = 0;
    unsigned char all = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        bits |= 1U << (byte & 31U);
        all |= byte;
    }
    return {bits, all < 0x80};
}

} // namespace

Spelling::Spelling(std::string_view word)
{
    read_letters(letters_, word);
    edits_ = edits_allowed(letters_.size());
    const auto [bits, ascii] = letters_in(word);
    letter_bits_ = bits;
    is_ascii_ = ascii;
    for (auto& row : rows_)
        row.resize(letters_.size() + 1);
}

// Most words are, by their length or their letters: an edit takes at most one letter away and brings at most one.
bool Spelling::is_surely_far(std::string_view other) const
{
    const auto [bits, ascii] = letters_in(other);
    if (!ascii || !is_ascii_)
        return false;
    const auto difference = std::max(letters_.size(), other.size()) - std::min(letters_.size(), other.size());
    const auto taken = static_cast<unsigned>(std::popcount(letter_bits_ & ~bits));
    const auto brought = static_cast<unsigned>(std::popcount(bits & ~letter_bits_));
    return difference > edits_ || taken > edits_ || brought > edits_;
}

unsigned Spelling::distance(std::string_view other)
{
    const unsigned too_far = edits_ + 1;
    if (is_surely_far(other))
        return too_far;
    read_letters(other_, other);
    const auto difference = std::max(letters_.size(), other_.size()) - std::min(letters_.size(), other_.size());
    if (difference > edits_ || letters_.empty() || other_.empty() || letters_.front() != other_.front())
        return letters_ == other_ ? 0 : too_far;

    auto& rows = rows_; // the last three
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
        if (*std::ranges::min_element(row) > edits_ && *std::ranges::min_element(above) > edits_)
            return too_far;
    }
    return std::min(rows[other_.size() % 3][letters_.size()], too_far);
}

} // namespace estante::analysis

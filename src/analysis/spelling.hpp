// How far a word may be from another and still be taken for it: one edit from 4 letters on, two from 8, the first
// letter as typed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace estante::analysis {

// Code points. 0: only the word itself.
constexpr unsigned edits_allowed(std::size_t letters)
{
    constexpr std::size_t for_one = 4;
    constexpr std::size_t for_two = 8;
    return letters < for_one ? 0 : letters < for_two ? 1 : 2;
}

// A word that others are held against. Any thread, one object each.
class Spelling {
public:
    explicit Spelling(std::string_view word); // UTF-8

    unsigned edits() const { return edits_; } // allowed
    std::u32string_view letters() const { return letters_; }

    // The edits to `other`, an edit being a code point inserted, dropped or replaced, or two neighbours swapped
    // (optimal string alignment, as Lucene's FuzzyQuery counts them); more than edits() when there are more, or when
    // the first letters differ.
    unsigned distance(std::string_view other);
    bool is_near(std::string_view other) { return distance(other) <= edits_; }

private:
    bool is_surely_far(std::string_view other) const;

    std::u32string letters_;
    std::u32string other_;
    unsigned edits_;
    bool is_ascii_;
    std::uint32_t letter_bits_;                   // a bit for each letter that occurs; some letters share one
    std::array<std::vector<unsigned>, 3> rows_{}; // room for counting
};

} // namespace estante::analysis

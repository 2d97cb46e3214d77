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

// What tells most words apart without reading them: which letters occur, and how many there are.
class WordOutline {
public:
    WordOutline() = default;
    explicit WordOutline(std::string_view word); // UTF-8

    // Whether more than `edits` (at most 2) surely lie between the two: an edit takes at most one letter away, brings
    // at most one, and changes the length by at most one.
    bool is_farther_than(unsigned edits, WordOutline other) const
    {
        // All four are looked at: which one tells two words apart is not foreseen, and a branch would cost more.
        const auto reasons = static_cast<unsigned>(has_more_than(edits, letters() & ~other.letters())) +
                             static_cast<unsigned>(has_more_than(edits, other.letters() & ~letters())) +
                             static_cast<unsigned>(length() > other.length() + edits) +
                             static_cast<unsigned>(other.length() > length() + edits);
        return reasons != 0;
    }

private:
    static bool has_more_than(unsigned edits, std::uint32_t bits)
    {
        const auto less_one = bits & (bits - 1);
        const auto less_two = less_one & (less_one - 1);
        return (edits == 0 ? bits : edits == 1 ? less_one : less_two) != 0;
    }

    static constexpr unsigned letter_bits = 27; // a to z have one each

    std::uint32_t letters() const { return packed_ & ((1U << letter_bits) - 1); }
    std::uint32_t length() const { return packed_ >> letter_bits; }

    std::uint32_t packed_ = 0; // a bit for each letter that occurs, some share one; above them how many code points, 31
                               // or more as 31
};

// A word that others are held against. Any thread, one object each.
class Spelling {
public:
    explicit Spelling(std::string_view word); // UTF-8

    unsigned edits() const { return edits_; } // allowed
    std::u32string_view letters() const { return letters_; }
    // Words of other outlines need not be asked about; of these, most are not near either.
    bool may_be_near(WordOutline other) const { return !outline_.is_farther_than(edits_, other); }

    // The edits to `other`, an edit being a code point inserted, dropped or replaced, or two neighbours swapped
    // (optimal string alignment, as Lucene's FuzzyQuery counts them); more than edits() when there are more, or when
    // the first letters differ.
    unsigned distance(std::string_view other);
    bool is_near(std::string_view other) { return distance(other) <= edits_; }

private:
    std::u32string letters_;
    std::u32string other_;
    unsigned edits_;
    WordOutline outline_;
    std::array<std::vector<unsigned>, 3> rows_{}; // room for counting
};

} // namespace estante::analysis

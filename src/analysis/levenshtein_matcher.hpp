// Fuzzy matching of words, as Lucene's FuzzyQuery: one edit from 4 letters on, two from 8, with an equal first letter.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace estante::analysis {

// The edits allowed for a word of this length (code points). 0: only the word itself matches.
constexpr unsigned max_edits_for(std::size_t length)
{
    constexpr std::size_t min_length_one_edit = 4;
    constexpr std::size_t min_length_two_edits = 8;
    return length < min_length_one_edit ? 0 : length < min_length_two_edits ? 1 : 2;
}

// A fingerprint that rules out most words without reading them: the set of letters and the length.
class WordSignature {
public:
    WordSignature() = default;
    explicit WordSignature(std::string_view word); // UTF-8

    // Whether the distance between the two words certainly exceeds `edits` (at most 2). An edit removes at most one
    // letter, adds at most one, and changes the length by at most one.
    bool exceeds(unsigned edits, WordSignature other) const
    {
        // All four are computed: the branch predictor cannot foresee which one applies, so branches would cost more.
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

    std::uint32_t packed_ = 0; // a bit for each letter that occurs (other code points share bits); above them the
                               // length in code points, at most 31
};

// Computes the distance of other words to one word. One object is used by one thread.
class LevenshteinMatcher {
public:
    explicit LevenshteinMatcher(std::string_view word); // UTF-8

    unsigned max_edits() const { return max_edits_; }
    std::u32string_view letters() const { return letters_; }
    // A cheap filter: false means that the word does not match.
    bool may_match(WordSignature other) const { return !signature_.exceeds(max_edits_, other); }

    // The number of edits to `other`: code points inserted, deleted or substituted, or adjacent ones transposed
    // (optimal string alignment, as in Lucene's FuzzyQuery). max_edits() + 1 when it is larger, or when the first
    // letters differ.
    unsigned distance(std::string_view other);
    bool matches(std::string_view other) { return distance(other) <= max_edits_; }

private:
    std::u32string letters_;
    std::u32string other_;
    unsigned max_edits_;
    WordSignature signature_;
    std::array<std::vector<unsigned>, 3> rows_{}; // the last three rows of the distance matrix
};

} // namespace estante::analysis

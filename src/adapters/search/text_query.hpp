// The text part of a search against one snapshot: bool should of title^3, author^2 and description, its terms joined by
// OR, at least one of them in a book. What each term is worth follows from the statistics of the whole snapshot.
// Tolerant matching adds clauses of the same kind over terms without accents, and such of a constant score for terms
// that are nearly spelled like one of the query (analysis/search_rules.hpp).
#pragma once

#include "adapters/search/segment.hpp"
#include "ports/search_index.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace estante::search {

// What is summed for itself, as Lucene rounds it. The first three and the next three are in the order of the fields.
enum class Part : std::uint8_t { title, author, description, plain_title, plain_author, plain_description, near };
inline constexpr std::size_t part_count = 7;
using PartSums = std::array<double, part_count>;

// A term in a field that some live book has.
struct Clause {
    Field field = Field::title;
    float weight = 0; // boost · occurrences in the query · idf; of a near term the constant
    Part part = Part::title;
};

class TextQuery {
public:
    // The snapshot must outlive the query.
    TextQuery(const Snapshot& snapshot, std::string_view text, Matching matching = Matching::plain);
    TextQuery(const TextQuery&) = delete;
    TextQuery& operator=(const TextQuery&) = delete;

    // No book can match: no terms, or none that is in the index.
    bool matches_nothing() const { return clauses_.empty(); }
    std::span<const Clause> clauses() const { return clauses_; }
    // Beside the clauses, the postings of each in a segment.
    std::span<const Postings> postings(std::size_t segment) const
    {
        return std::span(postings_).subspan(segment * clauses_.size(), clauses_.size());
    }
    const InverseLengths& inverse_lengths(Field field) const { return inverse_[number_of(field)]; }

    // What a clause adds to the score of a book of that norm.
    float contribution(const Clause& clause, std::uint32_t frequency, std::uint8_t norm) const
    {
        if (clause.part == Part::near)
            return clause.weight;
        return term_score(clause.weight, static_cast<float>(frequency), inverse_lengths(clause.field)[norm]);
    }
    // The terms as spelled that no live book has, each once.
    const std::vector<std::string>& unknown_terms() const { return unknown_terms_; }
    // Adds it for every norm to the norm's place.
    void add_contributions(const Clause& clause, std::uint32_t frequency, std::array<float, 256>& by_norm) const;
    // The score of a book, given the contribution of each clause (0 where it has not the term).
    float score_of(std::span<const float> contributions) const;

private:
    // The documents of several terms.
    struct United {
        std::vector<DocumentNumber> documents{};
        std::vector<Frequency> frequencies{}; // empty: each 1
        Bits set{};
    };
    struct Draft;

    std::vector<Clause> clauses_;
    std::vector<Postings> postings_;
    std::vector<std::string> unknown_terms_;
    std::deque<United> united_; // what postings of several terms point into
    std::array<InverseLengths, scored_fields> inverse_{};
};

// Lucene's rounding: each boosted field is a clause of its own, rounded to float; description terms join in double, and
// so do constants; then the whole is rounded, and the `must` term of the tenant adds a constant 1.
inline float combined_score(const PartSums& sums)
{
    double should = 0;
    for (std::size_t part = 0; part < part_count; ++part) {
        const bool term_by_term =
            part == static_cast<std::size_t>(Part::description) || part == static_cast<std::size_t>(Part::near);
        should += term_by_term ? sums[part] : static_cast<double>(static_cast<float>(sums[part]));
    }
    return 1.0F + static_cast<float>(should);
}

} // namespace estante::search

// The text part of a search against one snapshot: bool should of title^3, author^2 and description, its terms joined by
// OR, at least one of them in a book. What each term is worth follows from the statistics of the whole snapshot.
#pragma once

#include "adapters/search/segment.hpp"
#include "analysis/search_rules.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace estante::search {

inline constexpr std::array<float, scored_fields> field_boosts{
    analysis::boosts_as_typed.title, analysis::boosts_as_typed.author, analysis::boosts_as_typed.description};

// A term in a field that some live book has.
struct Clause {
    Field field = Field::title;
    float weight = 0; // boost · occurrences in the query · idf
};

class TextQuery {
public:
    // The snapshot must outlive the query.
    TextQuery(const Snapshot& snapshot, std::string_view text);

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
        return term_score(clause.weight, static_cast<float>(frequency), inverse_lengths(clause.field)[norm]);
    }
    // The score of a book, given the contribution of each clause (0 where it has not the term).
    float score_of(std::span<const float> contributions) const;

private:
    std::vector<Clause> clauses_;
    std::vector<Postings> postings_;
    std::array<InverseLengths, scored_fields> inverse_{};
};

// Lucene's rounding: each boosted field is a clause of its own, rounded to float; description terms join in double;
// then the whole is rounded, and the `must` term of the tenant adds a constant 1.
inline float combined_score(double title, double author, double description)
{
    const double should =
        static_cast<double>(static_cast<float>(title)) + static_cast<double>(static_cast<float>(author)) + description;
    return 1.0F + static_cast<float>(should);
}

} // namespace estante::search

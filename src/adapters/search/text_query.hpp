// The text part of a query against one snapshot: a bool query of `should` clauses on title^3, author^2 and description,
// with the terms joined by OR; at least one must match. Weights follow from the statistics of the whole snapshot.
// Tolerant matching adds clauses on accent-folded terms, and constant-score clauses on terms within the edit distance
// (analysis/query_analysis.hpp).
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

// Clauses whose contributions are summed together before rounding, as Lucene does. The first three and the next three
// are in the order of the fields.
enum class ScorePart : std::uint8_t {
    title,
    author,
    description,
    folded_title,
    folded_author,
    folded_description,
    fuzzy
};
inline constexpr std::size_t score_part_count = 7;
using ScorePartSums = std::array<double, score_part_count>;

// A term in a field that occurs in a live document.
struct Clause {
    Field field = Field::title;
    float weight = 0; // boost · occurrences in the query · idf; the constant score of a fuzzy clause
    ScorePart part = ScorePart::title;
};

class TextQuery {
public:
    // The snapshot must outlive the query.
    TextQuery(const Snapshot& snapshot, std::string_view text, Matching matching = Matching::plain);
    TextQuery(const TextQuery&) = delete;
    TextQuery& operator=(const TextQuery&) = delete;

    // There are no terms, or none of them is in the index.
    bool matches_nothing() const { return clauses_.empty(); }
    std::span<const Clause> clauses() const { return clauses_; }
    // The posting list of each clause in a segment.
    std::span<const PostingList> postings(std::size_t segment) const
    {
        return std::span(postings_).subspan(segment * clauses_.size(), clauses_.size());
    }
    const NormInverses& norm_inverses(Field field) const { return inverse_[number_of(field)]; }

    // The contribution of a clause to the score of a document with this norm.
    float contribution(const Clause& clause, std::uint32_t frequency, std::uint8_t norm) const
    {
        if (clause.part == ScorePart::fuzzy)
            return clause.weight;
        return term_score(clause.weight, static_cast<float>(frequency), norm_inverses(clause.field)[norm]);
    }
    // The distinct terms as typed that no live document contains.
    const std::vector<std::string>& unknown_terms() const { return unknown_terms_; }
    // Adds the contribution for each norm to the element of the norm.
    void add_contributions(const Clause& clause, std::uint32_t frequency, std::array<float, 256>& by_norm) const;
    // The score of a document from the contribution of each clause (0: the term does not occur).
    float score_of(std::span<const float> contributions) const;

private:
    // The union of the postings of several terms.
    struct MergedPostings {
        std::vector<DocId> documents{};
        std::vector<Frequency> frequencies{}; // empty: all 1
        BitSet set{};
    };
    struct Builder;

    std::vector<Clause> clauses_;
    std::vector<PostingList> postings_;
    std::vector<std::string> unknown_terms_;
    std::deque<MergedPostings> merged_postings_; // backs posting lists of several terms
    std::array<NormInverses, scored_fields> inverse_{};
};

// Lucene's rounding: a boosted field is a clause of its own, whose sum is rounded to float. The terms of the unboosted
// description and the constant scores are added directly in double. Then the total is rounded, and the `must` clause on
// the tenant adds a constant 1.
inline float combined_score(const ScorePartSums& sums)
{
    double should = 0;
    for (std::size_t part = 0; part < score_part_count; ++part) {
        const bool is_unboosted = part == static_cast<std::size_t>(ScorePart::description) ||
                                  part == static_cast<std::size_t>(ScorePart::fuzzy);
        should += is_unboosted ? sums[part] : static_cast<double>(static_cast<float>(sums[part]));
    }
    return 1.0F + static_cast<float>(should);
}

} // namespace estante::search

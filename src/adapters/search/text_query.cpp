#include "adapters/search/text_query.hpp"

#include "analysis/analyzer.hpp"

#include <algorithm>
#include <string>

namespace estante::search {
namespace {

// The terms of a query, each once, in the order in which they first occur.
struct QueryTerms {
    Dictionary terms{};
    std::vector<std::uint32_t> occurrences{};
};

QueryTerms terms_of(std::string_view text)
{
    QueryTerms query;
    analysis::SpanishTerms terms(analysis::searched_part(text));
    for (std::string_view term; terms.next(term);) {
        const auto number = query.terms.add(term);
        query.occurrences.resize(query.terms.size());
        ++query.occurrences[number];
    }
    return query;
}

std::size_t live_count(const LiveSegment& live, const Postings& postings)
{
    return live.deleted == nullptr ? postings.count() : count_live(postings, *live.deleted);
}

} // namespace

TextQuery::TextQuery(const Snapshot& snapshot, std::string_view text)
{
    const auto query = terms_of(text);
    const auto segments = snapshot.segments.size();
    std::vector<Postings> by_clause; // the segments of a clause, one after the other
    std::vector<std::uint32_t> numbers(segments);

    for (std::uint32_t term = 0; term < query.terms.size(); ++term) {
        const auto hash = Dictionary::hash_of(query.terms[term]);
        for (std::size_t segment = 0; segment < segments; ++segment)
            numbers[segment] = snapshot.segments[segment].segment->index.terms().find(query.terms[term], hash);
        for (std::size_t field = 0; field < scored_fields; ++field) {
            std::size_t containing = 0;
            for (std::size_t segment = 0; segment < segments; ++segment) {
                const auto& live = snapshot.segments[segment];
                by_clause.push_back(live.segment->index.find(static_cast<Field>(field), numbers[segment]));
                containing += live_count(live, by_clause.back());
            }
            if (containing == 0) {
                by_clause.resize(by_clause.size() - segments);
                continue;
            }
            const auto idf = inverse_document_frequency(snapshot.statistics[field].documents, containing);
            const auto boost = field_boosts[field] * static_cast<float>(query.occurrences[term]);
            clauses_.push_back({static_cast<Field>(field), boost * idf});
        }
    }

    postings_.reserve(by_clause.size());
    for (std::size_t segment = 0; segment < segments; ++segment)
        for (std::size_t clause = 0; clause < clauses_.size(); ++clause)
            postings_.push_back(by_clause[clause * segments + segment]);
    for (std::size_t field = 0; field < scored_fields; ++field)
        if (std::ranges::any_of(clauses_, [field](const auto& clause) { return number_of(clause.field) == field; }))
            inverse_[field] = search::inverse_lengths(snapshot.statistics[field]);
}

float TextQuery::score_of(std::span<const float> contributions) const
{
    std::array<double, scored_fields> sums{};
    for (std::size_t clause = 0; clause < clauses_.size(); ++clause)
        sums[number_of(clauses_[clause].field)] += static_cast<double>(contributions[clause]);
    return combined_score(sums[0], sums[1], sums[2]);
}

} // namespace estante::search

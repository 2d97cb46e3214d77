#include "adapters/search/relevance_ranking.hpp"

#include "adapters/search/max_score_ranking.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace estante::search {
namespace {

constexpr std::size_t max_pruned_clauses = 24;

} // namespace

void rank_exhaustively(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment_number,
                       const BitSet& matches, TopScoreCollector& top)
{
    const auto& segment = *snapshot.segments[segment_number].segment;
    std::array<std::vector<double>, score_part_count> sums;
    const auto postings = query.postings(segment_number);
    for (std::size_t clause = 0; clause < postings.size(); ++clause) {
        const auto& [field, weight, part] = query.clauses()[clause];
        const auto& norms = segment.columns.norms[number_of(field)];
        auto& sum = sums[static_cast<std::size_t>(part)];
        if (sum.empty())
            sum.resize(segment.size(), 0.0);
        for (std::size_t at = 0; at < postings[clause].count(); ++at) {
            const auto document = postings[clause].documents[at];
            sum[document] += static_cast<double>(
                query.contribution(query.clauses()[clause], postings[clause].frequency(at), norms[document]));
        }
    }
    matches.for_each([&](std::size_t document) {
        ScorePartSums of_document{};
        for (std::size_t part = 0; part < score_part_count; ++part)
            of_document[part] = sums[part].empty() ? 0.0 : sums[part][document];
        const auto score = combined_score(of_document);
        if (score >= top.min_competitive_score())
            top.collect({score, segment_number, static_cast<DocId>(document)});
    });
}

void rank_by_relevance(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment, const BitSet& matches,
                       TopScoreCollector& top)
{
    if (query.clauses().size() <= max_pruned_clauses)
        rank_with_max_score(snapshot, query, segment, matches, top);
    else
        rank_exhaustively(snapshot, query, segment, matches, top);
}

float score_document(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment, DocId document)
{
    std::vector<float> contributions(query.clauses().size(), 0.0F);
    const auto& norms = snapshot.segments[segment].segment->columns.norms;
    const auto postings = query.postings(segment);
    for (std::size_t clause = 0; clause < postings.size(); ++clause)
        if (const auto frequency = postings[clause].frequency_in(document); frequency != 0)
            contributions[clause] = query.contribution(query.clauses()[clause], frequency,
                                                       norms[number_of(query.clauses()[clause].field)][document]);
    return query.score_of(contributions);
}

} // namespace estante::search

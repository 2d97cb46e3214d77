// Scores the matches of a segment and collects the top documents.
#pragma once

#include "adapters/search/text_query.hpp"
#include "adapters/search/top_score_collector.hpp"

#include <cstdint>

namespace estante::search {

// Scores every match, term at a time. `matches` are those of segment number `segment` (match_set.hpp).
void rank_exhaustively(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment, const BitSet& matches,
                       TopScoreCollector& top);

// Chooses the faster of exhaustive and MaxScore ranking, which have equal results: queries with few clauses prune well,
// with many clauses the lookups cost more than they save.
void rank_by_relevance(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment, const BitSet& matches,
                       TopScoreCollector& top);

// The score of one live document.
float score_document(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment, DocId document);

} // namespace estante::search

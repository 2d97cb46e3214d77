// Ranking with MaxScore and block-max pruning: finds the top documents without scoring every match.
#pragma once

#include "adapters/search/text_query.hpp"
#include "adapters/search/top_score_collector.hpp"

#include <cstdint>

namespace estante::search {

// Posting lists are processed by descending maximum contribution. Processing stops when all remaining lists together
// cannot make a document competitive; blocks and documents whose upper bound is not competitive are skipped. `matches`
// are those of segment number `segment` (match_set.hpp).
void rank_with_max_score(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment, const BitSet& matches,
                         TopScoreCollector& top);

} // namespace estante::search

// Scores the matches of a segment and offers them to the best hits. Two ways with equal results: all of them term by
// term, or only those that can still enter.
#pragma once

#include "adapters/search/text_query.hpp"
#include "adapters/search/top_hits.hpp"

#include <cstdint>

namespace estante::search {

// Of `matches` (see matches.hpp) of segment number `segment`.
void rank_all(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment, const Bits& matches,
              TopHits& top);

// MaxScore with blocks. The lists are read from the one that can add most to the one that can add least; reading ends
// when all that are left cannot lift a book into the best hits, and blocks and books that cannot get there are passed
// over.
void rank_pruned(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment, const Bits& matches,
                 TopHits& top);

// The quicker of the two: few clauses prune well, many cost more look-ups than they save.
void rank_matches(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment, const Bits& matches,
                  TopHits& top);

// The score of one live book.
float score_book(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment, DocumentNumber document);

} // namespace estante::search

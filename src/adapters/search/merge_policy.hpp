// Selects the segments to merge, like Lucene's MergePolicy. Segment sizes stay in geometric steps, so an index of n
// documents has about log2(n) segments, and a document is rewritten about as often. A segment with a quarter of its
// documents deleted is rewritten alone.
#pragma once

#include "adapters/search/segment.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace estante::search {

// The indexes of the segments to merge next into one of at most `max_documents`; empty: none. They are the smallest run
// in order of size in which each segment is less than twice as large as all before it together. Segments in `merging`
// are not selected.
std::vector<std::size_t> select_merge(std::span<const LiveSegment> segments, std::span<const LiveSegment> merging,
                                      std::size_t max_documents);

} // namespace estante::search

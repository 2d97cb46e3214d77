// Which segments become one. Sizes are kept in geometric steps, so a shop of n books has about log2(n) segments and a
// book is rewritten about as often; a segment that has lost a quarter of its books is rewritten alone.
#pragma once

#include "adapters/search/segment.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace estante::search {

// The places of the segments to merge next into one of at most `most_documents`; empty: leave them. They are the
// smallest run in the order of size in which each is less than twice as large as all before it together. `busy` are
// left alone.
std::vector<std::size_t> segments_to_merge(std::span<const LiveSegment> segments, std::span<const LiveSegment> busy,
                                           std::size_t most_documents);

} // namespace estante::search

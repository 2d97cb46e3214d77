// Merges segments into one.
#pragma once

#include "adapters/search/segment.hpp"
#include "analysis/title_collation.hpp"

#include <memory>
#include <span>

namespace estante::search {

// The segments have 1 to `segment_capacity` live documents together, each in one segment only.
std::shared_ptr<const Segment> merge_segments(std::span<const LiveSegment> segments,
                                              const analysis::TitleCollation& collation);

} // namespace estante::search

// Makes segments: from documents, or from the live books of other segments.
#pragma once

#include "adapters/search/segment.hpp"
#include "analysis/title_collation.hpp"
#include "ports/search_index.hpp"

#include <memory>
#include <span>
#include <vector>

namespace estante::search {

// Of 1 to `most_documents` documents with different ids.
std::shared_ptr<const Segment> build_segment(std::span<const SearchDocument> documents,
                                             const analysis::TitleCollation& collation);

// One segment instead of several; they have 1 to `most_documents` live books together, each in one of them only.
std::shared_ptr<const Segment> merge_segments(std::span<const LiveSegment> segments,
                                              const analysis::TitleCollation& collation);

} // namespace estante::search

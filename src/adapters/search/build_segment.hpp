// Builds a segment from documents.
#pragma once

#include "adapters/search/segment.hpp"
#include "analysis/title_collation.hpp"
#include "ports/search_index.hpp"

#include <memory>
#include <span>

namespace estante::search {

// Takes 1 to `segment_capacity` documents with different ids.
std::shared_ptr<const Segment> build_segment(std::span<const SearchDocument> documents,
                                             const analysis::TitleCollation& collation);

} // namespace estante::search

// Whether books are indexed as their documents would be indexed now.
#pragma once

#include "adapters/search/segment.hpp"
#include "analysis/title_collation.hpp"
#include "ports/search_index.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace estante::search {

// How a snapshot has each book (SearchIndex::check). A book is held against a segment that is made of its document
// alone: columns, facets, and in each field the terms or values and how often each occurs. (Of a text that is not kept,
// such as a description, nothing else matters to a search.)
std::vector<IndexStatus> states_of(const Snapshot& snapshot, const std::vector<IndexChange>& wanted,
                                   const analysis::TitleCollation& collation);

// The ids of live books, ascending, from behind `after` on.
std::vector<std::string> live_ids(const Snapshot& snapshot, std::string_view after, std::size_t limit);

} // namespace estante::search

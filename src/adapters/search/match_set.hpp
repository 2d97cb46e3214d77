// The documents of a segment that match a query, as a bit set. Totals and facets are exact because they count it.
#pragma once

#include "adapters/search/bit_set.hpp"
#include "adapters/search/segment.hpp"
#include "adapters/search/text_query.hpp"
#include "ports/search_index.hpp"

#include <cstddef>

namespace estante::search {

// The live documents that pass the filters of `query` and contain a term of `text`; without a text (nullptr) all that
// pass the filters.
BitSet find_matches(const LiveSegment& live, const SearchQuery& query, const TextQuery* text, std::size_t segment);

} // namespace estante::search

// Which books of a segment a query matches, as bits: exact totals and facets come from them.
#pragma once

#include "adapters/search/segment.hpp"
#include "adapters/search/text_query.hpp"
#include "ports/search_index.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace estante::search {

// The live books that pass the filters of `query` and, if there is a text, have one of its terms. `text` is absent for
// a query without text. Empty: no book matches.
Bits matches_in(const LiveSegment& live, const SearchQuery& query, const TextQuery* text, std::size_t segment);

// Counts by category, over segments. The memory of the segments must outlive it.
class CategoryCounts {
public:
    // Adds the matches of one segment.
    void add(const Segment& segment, const Bits& matches, std::size_t match_count);
    void add_all(const LiveSegment& live);

    std::vector<FacetCount> by_count() const; // descending, then by value
    std::vector<FacetCount> by_value() const;

private:
    struct Count {
        std::string_view value{};
        std::uint64_t count = 0;
    };
    void merge(const Segment& segment, const std::vector<std::uint32_t>& counts);

    std::vector<Count> counts_; // by value
};

} // namespace estante::search

// Which books of a segment a query matches, as bits: exact totals and facets come from them.
#pragma once

#include "adapters/search/segment.hpp"
#include "adapters/search/text_query.hpp"
#include "ports/search_index.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace estante::search {

// The live books that pass the filters of `query` and, if there is a text, have one of its terms. `text` is absent for
// a query without text. Empty: no book matches.
Bits matches_in(const LiveSegment& live, const SearchQuery& query, const TextQuery* text, std::size_t segment);

// Counts by facet, over segments. The memory of the segments must outlive it.
class FacetCounts {
public:
    // Adds the matches of one segment.
    void add(const Segment& segment, const Bits& matches, std::size_t match_count);

    SearchFacets facets() const;

private:
    struct Count {
        std::string_view name{};
        std::int32_t number = 0;
        std::uint64_t count = 0;
    };
    void add_to_groups(std::size_t half, JointFacets::Combination combination, std::uint32_t books);
    void count_one_by_one(const Segment& segment);
    void count_combinations(const JointFacets& joint);
    void merge(const Segment& segment, Facet facet);

    std::array<std::vector<Count>, facet_count> counts_; // by name or number
    // Of the segment in hand: the books that are counted, those that do not match, how many each group has (the last:
    // without a value), and room for counting.
    std::vector<DocumentNumber> books_;
    Bits others_;
    std::array<std::vector<std::uint32_t>, facet_count> group_counts_;
    std::vector<std::uint32_t> tables_;
    std::uint64_t in_stock_ = 0;
};

// All live books by category: by value ascending.
std::vector<FacetCount> count_categories(const Snapshot& snapshot);

} // namespace estante::search

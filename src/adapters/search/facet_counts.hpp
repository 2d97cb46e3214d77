// Counts the matches of a query by facet.
#pragma once

#include "adapters/search/segment.hpp"
#include "ports/search_index.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace estante::search {

// Sums the counts of several segments, which must outlive it.
class FacetCounter {
public:
    // Adds the matches of one segment.
    void add(const Segment& segment, const BitSet& matches, std::size_t match_count);

    SearchFacets facets() const;

private:
    struct Count {
        std::string_view name{};
        std::int32_t number = 0;
        std::uint64_t count = 0;
    };
    void add_combination(std::size_t pair, FacetCombinations::Combination combination, std::uint32_t documents);
    void count_by_ordinal(const Segment& segment);
    void count_combinations(const FacetCombinations& combinations);
    void merge(const Segment& segment, Facet facet);

    std::array<std::vector<Count>, facet_count> counts_; // by name or number
    // Buffers for the current segment.
    std::vector<DocId> documents_;                                       // to count: the matches or the others
    BitSet others_;                                                      // documents that do not match
    std::array<std::vector<std::uint32_t>, facet_count> ordinal_counts_; // the last element: without a value
    std::vector<std::uint32_t> combination_counts_;
    std::uint64_t in_stock_ = 0;
};

// Counts all live documents by category, ascending by value.
std::vector<FacetCount> count_categories(const Snapshot& snapshot);

} // namespace estante::search

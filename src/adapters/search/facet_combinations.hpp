// The ordinals of all facets of a document packed into one number, so that one lookup counts the document in every
// facet. Computed from a segment's doc values when the segment is built or read.
#pragma once

#include "adapters/search/facet_doc_values.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace estante::search {

class FacetCombinations {
public:
    // The facets form two pairs. Within a pair, each combination of ordinals that occurs has an id, counted from 0.
    static constexpr std::size_t pair_count = 2;
    static constexpr std::array<std::array<Facet, 2>, pair_count> pairs{
        {{Facet::category, Facet::language}, {Facet::decade, Facet::price_band}}};
    using Combination = std::array<std::uint16_t, 2>; // the ordinals of the two facets, or no_ordinal

    // A smaller segment has no combinations, because they would cost more than they save.
    static constexpr std::size_t min_documents = 4'096;

    FacetCombinations() = default;
    explicit FacetCombinations(const std::array<FacetDocValues, facet_count>& facets);

    bool empty() const { return ids_.empty(); }
    // By document: the combination id of the first pair in the low 16 bits, that of the second pair above.
    std::span<const std::uint32_t> ids() const { return ids_; }
    // By combination id.
    std::span<const Combination> combinations(std::size_t pair) const { return combinations_[pair]; }

    std::size_t memory_bytes() const;

private:
    std::vector<std::uint32_t> ids_;
    std::array<std::vector<Combination>, pair_count> combinations_;
};

} // namespace estante::search

// All that facets count of a book in one number, so that one look at a book counts it everywhere: made of a segment's
// groups when the segment is made or read.
#pragma once

#include "adapters/search/bits.hpp"
#include "adapters/search/groups.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace estante::search {

class JointFacets {
public:
    // A book has one of the combinations of each half: of category and language; of decade and price band. They
    // are numbered from 0 in each, and each is one that some book has.
    static constexpr std::size_t halves = 2;
    static constexpr std::array<std::array<Facet, 2>, halves> facets_of_half{
        {{Facet::category, Facet::language}, {Facet::decade, Facet::price_band}}};
    using Combination = std::array<std::uint16_t, 2>; // groups of the two facets, or no_group

    // A smaller segment has none: it would cost more than it saves.
    static constexpr std::size_t fewest_books = 4'096;

    JointFacets() = default;
    explicit JointFacets(const std::array<Groups, facet_count>& facets);

    // By book: the number of its combination in the first half, and 16 bits above it that in the second.
    bool empty() const { return of_book_.empty(); }
    std::span<const std::uint32_t> of_book() const { return of_book_; }
    std::span<const Combination> combinations(std::size_t half) const { return combinations_[half]; }

    std::size_t memory_bytes() const;

private:
    std::vector<std::uint32_t> of_book_;
    std::array<std::vector<Combination>, halves> combinations_;
};

} // namespace estante::search

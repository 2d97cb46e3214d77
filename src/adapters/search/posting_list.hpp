// The posting list of a term in a field of a segment: a view into the segment's arrays.
#pragma once

#include "adapters/search/bit_set.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace estante::search {

// Local to a segment.
using DocId = std::uint16_t;
using Frequency = std::uint16_t; // term frequency in a field; at most 65,535

// The impact of a block of 128 postings in two bytes: an upper bound of their scores that allows skipping the block
// (block-max).
struct BlockImpact {
    static constexpr std::size_t block_size = 128;
    static constexpr std::uint8_t saturated_frequency = 255; // this or more

    std::uint16_t packed = 0;

    static std::uint16_t pack(std::uint8_t min_norm, std::uint8_t max_frequency)
    {
        return static_cast<std::uint16_t>(min_norm | max_frequency << 8);
    }
    std::uint8_t min_norm() const { return static_cast<std::uint8_t>(packed & 0xFFU); }
    std::uint8_t max_frequency() const { return static_cast<std::uint8_t>(packed >> 8); }
};

struct PostingList {
    std::span<const DocId> documents{};     // ascending
    const Frequency* frequencies = nullptr; // parallel to `documents`; nullptr: all 1
    // Packed BlockImpacts, one per 128 documents; nullptr for keywords, single postings and merged lists.
    const std::uint16_t* impacts = nullptr;
    const std::uint64_t* bits = nullptr; // the same documents as a bit set; only for common terms

    std::size_t count() const { return documents.size(); }
    std::uint32_t frequency(std::size_t at) const { return frequencies == nullptr ? 1U : frequencies[at]; }
    std::size_t block_count() const { return (count() + BlockImpact::block_size - 1) / BlockImpact::block_size; }
    BlockImpact impact(std::size_t at) const { return {impacts[at]}; }

    // The term frequency in a document; 0: the term does not occur.
    std::uint32_t frequency_in(DocId document) const
    {
        if (bits != nullptr) {
            if ((bits[document / BitSet::word_bits] >> (document % BitSet::word_bits) & 1U) == 0)
                return 0;
            if (frequencies == nullptr)
                return 1;
        }
        const auto found = std::ranges::lower_bound(documents, document);
        if (found == documents.end() || *found != document)
            return 0;
        return frequency(static_cast<std::size_t>(found - documents.begin()));
    }
};

// The number of documents that are not in `deleted`.
std::size_t count_live(const PostingList& postings, const BitSet& deleted);

// Adds the documents of the list to `set`, which has the size of the segment.
void union_into(BitSet& set, const PostingList& postings);

} // namespace estante::search

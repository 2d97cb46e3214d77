// The documents of one term in one field of a segment: a view into the segment's memory.
#pragma once

#include "adapters/search/bits.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace estante::search {

// Documents are numbered within their segment.
using DocumentNumber = std::uint16_t;
using Frequency = std::uint16_t; // occurrences in a field; more than 65,535 count as 65,535

// What is known of 128 neighbours in a list, to pass over them unread: two bytes.
struct Block {
    static constexpr std::size_t documents = 128;
    static constexpr std::uint8_t frequency_beyond = 255; // that or more

    std::uint16_t packed = 0;

    static std::uint16_t pack(std::uint8_t shortest_norm, std::uint8_t highest_frequency)
    {
        return static_cast<std::uint16_t>(shortest_norm | highest_frequency << 8);
    }
    std::uint8_t shortest_norm() const { return static_cast<std::uint8_t>(packed & 0xFFU); }
    std::uint8_t highest_frequency() const { return static_cast<std::uint8_t>(packed >> 8); }
};

struct Postings {
    std::span<const DocumentNumber> documents{}; // ascending
    const Frequency* frequencies = nullptr;      // beside `documents`; absent: each 1
    const std::uint16_t* blocks =
        nullptr; // packed, one per 128 documents; absent for keywords, single ones and united lists
    const std::uint64_t* bits = nullptr; // the same documents as bits, for common terms

    std::size_t count() const { return documents.size(); }
    std::uint32_t frequency(std::size_t at) const { return frequencies == nullptr ? 1U : frequencies[at]; }
    std::size_t block_count() const { return (count() + Block::documents - 1) / Block::documents; }
    Block block(std::size_t at) const { return {blocks[at]}; }

    // How often the term is in a document: 0 if it is not.
    std::uint32_t frequency_in(DocumentNumber document) const
    {
        if (bits != nullptr) {
            if ((bits[document / Bits::word_bits] >> (document % Bits::word_bits) & 1U) == 0)
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

// How many of the list's documents are not in `deleted`.
std::size_t count_live(const Postings& postings, const Bits& deleted);

// Adds the list's documents to a set of the segment's size.
void unite(Bits& set, const Postings& postings);

} // namespace estante::search

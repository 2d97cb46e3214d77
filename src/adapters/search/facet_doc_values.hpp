// The doc values that facets are counted from: for each document of a segment the ordinal of its value.
#pragma once

#include "adapters/search/segment_array.hpp"

#include <cstddef>
#include <cstdint>

namespace estante::search {

inline constexpr std::uint16_t no_ordinal = 0xFFFF;

// The values of one facet. A document has at most one.
struct FacetDocValues {
    struct Value {
        std::int32_t key = 0;
        std::uint32_t document_count = 0;
    };
    SegmentArray<Value> values{};           // ascending by name or number
    SegmentArray<std::uint16_t> ordinals{}; // by document: an index into `values`, or no_ordinal

    std::size_t memory_bytes() const { return values.memory_bytes() + ordinals.memory_bytes(); }
};

// The key of a category and of a language is the number of a term in the inverted index; that of a decade its first
// year; that of a price band its index.
enum class Facet : std::uint8_t { category, language, decade, price_band };
inline constexpr std::size_t facet_count = 4;

} // namespace estante::search

// The books of a segment by what facets count.
#pragma once

#include "adapters/search/flat_array.hpp"

#include <cstddef>
#include <cstdint>

namespace estante::search {

inline constexpr std::uint16_t no_group = 0xFFFF;

// The books by one value that each has at most one of.
struct Groups {
    struct Group {
        std::int32_t key = 0;
        std::uint32_t books = 0;
    };
    FlatArray<Group> groups{};
    FlatArray<std::uint16_t> of_book{}; // into `groups`, or no_group

    std::size_t memory_bytes() const { return groups.memory_bytes() + of_book.memory_bytes(); }
};

// What facets count. Of a category and a language the key is a term's number in the inverted index, of a decade its
// first year, of a price band its place among them; ascending by the name or number.
enum class Facet : std::uint8_t { category, language, decade, price_band };
inline constexpr std::size_t facet_count = 4;

} // namespace estante::search

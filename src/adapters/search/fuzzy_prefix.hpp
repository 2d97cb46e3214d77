// Exact and fuzzy prefix search in a sorted list of strings.
#pragma once

#include "adapters/search/term_dictionary.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace estante::search {

// A half-open range of positions in the sorted list.
struct PrefixRange {
    std::size_t begin = 0;
    std::size_t end = 0;

    bool operator==(const PrefixRange&) const = default;
};

// The strings that begin with `prefix`.
PrefixRange find_prefix(const PackedStrings& sorted, std::string_view prefix);

// The strings that have a prefix within `max_edits` of `typed` and the same first letter. An edit inserts, deletes or
// substitutes a code point, or transposes two adjacent ones (optimal string alignment). The ranges are sorted and do
// not overlap. Visits about as many strings as there are distinct prefixes within the distance.
std::vector<PrefixRange> find_fuzzy_prefixes(const PackedStrings& sorted, std::u32string_view typed,
                                             unsigned max_edits);

} // namespace estante::search

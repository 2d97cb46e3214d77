// Texts that begin with something near to what was typed.
#pragma once

#include "adapters/search/dictionary.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace estante::search {

// Neighbours in a sorted list of texts: from `begin` up to but without `end`.
struct TextRange {
    std::size_t begin = 0;
    std::size_t end = 0;

    bool operator==(const TextRange&) const = default;
};

// The sorted texts that begin with `prefix`.
TextRange texts_beginning_with(const PackedTexts& sorted, std::string_view prefix);

// The sorted texts of which some beginning is at most `edits` away from `typed`, its first letter as typed. An edit is
// a code point inserted, dropped or replaced, or two neighbours swapped (optimal string alignment). Ranges are in order
// and do not overlap. Visits about as many texts as there are distinct beginnings within the distance.
std::vector<TextRange> texts_nearly_beginning_with(const PackedTexts& sorted, std::u32string_view typed,
                                                   unsigned edits);

} // namespace estante::search

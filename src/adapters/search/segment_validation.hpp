// Validates the arrays of a segment that was read from a file.
#pragma once

#include "adapters/search/segment.hpp"

#include <cstddef>

namespace estante::search {

// Whether every offset, document, term and ordinal lies within its array, lists ascend, and orders are permutations.
// Then no search leaves the arrays, even if the file was crafted. `documents`: the number in the header.
bool is_consistent(const Segment& segment, std::size_t documents);

} // namespace estante::search

// Compares the first hits of two engines.
#pragma once

#include "ports/search_index.hpp"

#include <vector>

namespace estante::parity {

// The same books in the same order; the scores are equal to the bit, or within 1e-6 of each other.
bool are_equal(const std::vector<SearchHit>& ours, const std::vector<SearchHit>& theirs, bool exact);

// For an engine that multiplies BM25 by 2.2: its rounding differs, and with it the order of books with nearly equal
// scores. True if the scores at each rank differ by at most 1e-6 (relative), the scores of each book too, and books
// with equal scores in both engines have our order. `longer` is our result beyond the page, best first.
bool differ_in_near_ties(const std::vector<SearchHit>& longer, const std::vector<SearchHit>& theirs);

} // namespace estante::parity

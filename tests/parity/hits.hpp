// Whether the first hits of two engines are the same.
#pragma once

#include "ports/search_index.hpp"

#include <vector>

namespace estante::parity {

// The same books in the same order; the scores are equal to the bit, or within 1e-6 of each other.
bool are_same(const std::vector<SearchHit>& ours, const std::vector<SearchHit>& theirs, bool exact);

// For an engine that multiplies BM25 by 2.2, which rounds otherwise, and with it the order of books that it scores
// nearly alike: at each place the score is ours within 1e-6, each book has its own score within 1e-6, and books whose
// scores are equal in both are ordered as ours. `longer` is ours beyond the page, best first.
bool differ_in_near_ties(const std::vector<SearchHit>& longer, const std::vector<SearchHit>& theirs);

} // namespace estante::parity

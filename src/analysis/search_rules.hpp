// What both search engines must agree on, beside the analysis itself: what a match is worth, and where a query ends.
#pragma once

#include <array>
#include <cstddef>

namespace estante::analysis {

// Of title, author and description, as the document's query has them.
inline constexpr std::array<float, 3> field_boosts{3.0F, 2.0F, 1.0F};

// Matching::tolerant adds: BM25 over the same terms without accents, and a constant for each term of the query that a
// title or an author nearly has. None is 1: Lucene sums clauses without a boost in another way.
inline constexpr std::array<float, 3> accentless_boosts{1.5F, 1.25F, 0.5F};
inline constexpr std::array<float, 2> near_scores{0.5F, 0.25F};

// Of the different terms of a query those after the first ones are not looked for: Lucene's limit is 1,024 clauses.
inline constexpr std::size_t most_query_terms = 100;

} // namespace estante::analysis

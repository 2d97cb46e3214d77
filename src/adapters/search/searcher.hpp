// Answers a search and a suggestion from one snapshot of a shop's index.
#pragma once

#include "adapters/search/segment.hpp"
#include "analysis/title_collation.hpp"
#include "ports/search_index.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace estante::search {

// How the best hits of a text are found; the answer is the same.
enum class Ranking { quickest, exhaustive, pruned };

// Errors: invalid (limit outside 1–100, a cursor that is not of this order).
Result<SearchPage> search_snapshot(const Snapshot& snapshot, const SearchQuery& query,
                                   const analysis::TitleCollation& collation, Ranking ranking = Ranking::quickest);

// Errors: invalid (limit outside 1–10).
Result<std::vector<Suggestion>> suggest_from(const Snapshot& snapshot, std::string_view prefix, std::size_t limit);

} // namespace estante::search

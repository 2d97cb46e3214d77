// Searches and suggestions on one snapshot of an index.
#pragma once

#include "adapters/search/segment.hpp"
#include "analysis/title_collation.hpp"
#include "ports/search_index.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace estante::search {

// The ranking algorithm of a text query. The results are equal.
enum class Ranking { automatic, exhaustive, max_score };

// Errors: invalid (limit outside 1–100, or a cursor of another order).
Result<SearchPage> search_snapshot(const Snapshot& snapshot, const SearchQuery& query,
                                   const analysis::TitleCollation& collation, Ranking ranking = Ranking::automatic);

// Errors: invalid (limit outside 1–10).
Result<std::vector<Suggestion>> suggest_titles(const Snapshot& snapshot, std::string_view prefix, std::size_t limit);

} // namespace estante::search

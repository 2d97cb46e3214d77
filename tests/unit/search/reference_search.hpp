// The search as the rules say it, by brute force over all documents: no index, no pruning, nothing shared with the
// engine but the analyzer, which has its own tests against Lucene.
#pragma once

#include "ports/search_index.hpp"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace estante::search {

struct ReferenceRules {
    std::array<float, 3> boosts{3.0F, 2.0F, 1.0F};
    std::vector<std::string> more_stop_words{};
};

// All matching books of all pages, and the facets.
struct ReferenceAnswer {
    std::vector<SearchHit> hits{};
    SearchFacets facets{};
};

ReferenceAnswer reference_search(const std::map<std::string, SearchDocument>& books, const SearchQuery& query,
                                 const ReferenceRules& rules = {});

} // namespace estante::search

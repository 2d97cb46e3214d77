// A reference implementation of the search by brute force over all documents: no index and no pruning. It shares only
// the analyzer with the engine, which is tested against Lucene.
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

// The hits of all pages, and the facets.
struct ReferencePage {
    std::vector<SearchHit> hits{};
    SearchFacets facets{};
};

ReferencePage reference_search(const std::map<std::string, SearchDocument>& books, const SearchQuery& query,
                               const ReferenceRules& rules = {});

} // namespace estante::search

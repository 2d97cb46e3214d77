// Builds search requests in the engine's query language, and parses the responses.
#pragma once

#include "analysis/title_collation.hpp"
#include "domain/value.hpp"
#include "ports/search_index.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace estante::opensearch {

// `score_factor` as in RestApi. Errors: invalid (limit, or a cursor of another order).
Result<std::string> search_body(const TenantId& tenant, const SearchQuery& query, float score_factor,
                                const analysis::TitleCollation& collation);
std::string categories_body(const TenantId& tenant);

// Nothing for a partial response, or one of another shape.
std::optional<SearchPage> parse_page(const Map& response, const SearchQuery& query, float score_factor);
std::optional<std::vector<FacetCount>> parse_categories(const Map& response);

// True when all shards responded in time.
bool is_complete(const Map& response);

} // namespace estante::opensearch

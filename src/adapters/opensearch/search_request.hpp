// A search as the engine's query language has it, and its answer as the port has it.
#pragma once

#include "domain/value.hpp"
#include "ports/search_index.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace estante::opensearch {

// The body. `score_factor` as of Api. Errors: invalid (limit, a cursor that is not of this order).
Result<std::string> search_body(const TenantId& tenant, const SearchQuery& query, float score_factor);
std::string categories_body(const TenantId& tenant);

// Nothing for an answer of another shape, or to a part of the query only.
std::optional<SearchPage> page_of(const Map& answer, const SearchQuery& query, float score_factor);
std::optional<std::vector<FacetCount>> categories_of(const Map& answer);

// Whether all shards have answered in time.
bool is_whole(const Map& answer);

} // namespace estante::opensearch

// The settings and the mapping of a tenant's index: those of the original document, and the fields that filters,
// facets, sort orders and fuzzy searches need.
#pragma once

#include "domain/value.hpp"

#include <string>

namespace estante::opensearch {

// The body of the request that creates an index with this alias.
std::string index_body(const std::string& alias, int replicas);

} // namespace estante::opensearch

// The settings and the mapping of a shop's index: the original document's, with what filters, facets, orders and
// tolerant searches need beside it.
#pragma once

#include "domain/value.hpp"

#include <string>

namespace estante::opensearch {

// The body that makes an index under an alias.
std::string index_body(const std::string& alias, int replicas);

} // namespace estante::opensearch

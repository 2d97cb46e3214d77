// Lists the books of an index and compares them with the store's.
#pragma once

#include "analysis/title_collation.hpp"
#include "domain/value.hpp"
#include "ports/search_index.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace estante::opensearch {

// Search request for book ids in ascending order, after `after`.
std::string book_ids_body(const TenantId& tenant, const std::string& after, std::size_t limit);
// Nothing for a partial response, or one of another shape.
std::optional<std::vector<std::string>> parse_book_ids(const Map& response);

// Multi-get request for the current documents of the books and their versions.
std::string documents_body(std::span<const IndexChange> expected);
// True when the response says of some document that its index does not exist.
bool has_missing_index(const Map& response);
// The state of each book in the index; nothing for a response of another shape.
std::optional<std::vector<IndexStatus>> compare_documents(const Map& response, const TenantId& tenant,
                                                          std::span<const IndexChange> expected,
                                                          const analysis::TitleCollation& collation);

} // namespace estante::opensearch

// What an index holds, book by book, for comparisons with the store.
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

// Of a search: the ids of books in ascending order, from behind `after` on.
std::string ids_body(const TenantId& tenant, const std::string& after, std::size_t limit);
// Nothing for an answer of another shape, or to a part of the query only.
std::optional<std::vector<std::string>> ids_of(const Map& answer);

// Of a multi-get: the documents of the books with their versions, as they are now.
std::string documents_body(std::span<const IndexChange> wanted);
// Of some document the answer says that its index is not there.
bool lacks_index(const Map& answer);
// How the index has each book; nothing for an answer of another shape.
std::optional<std::vector<IndexStatus>> states_of(const Map& answer, const TenantId& tenant,
                                                  std::span<const IndexChange> wanted,
                                                  const analysis::TitleCollation& collation);

} // namespace estante::opensearch

// Compares indexed documents with the documents of the store.
#pragma once

#include "adapters/search/segment.hpp"
#include "analysis/title_collation.hpp"
#include "ports/search_index.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace estante::search {

// The state of each book in a snapshot (SearchIndex::check). A document is compared with a segment built from it alone:
// columns, facets, and the terms of each field with their frequencies. (Nothing else of a text affects a search.)
std::vector<IndexStatus> check_books(const Snapshot& snapshot, const std::vector<IndexChange>& wanted,
                                     const analysis::TitleCollation& collation);

// The ids of live documents greater than `after`, ascending.
std::vector<std::string> list_book_ids(const Snapshot& snapshot, std::string_view after, std::size_t limit);

} // namespace estante::search

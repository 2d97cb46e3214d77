// The search engine inside the process: the SearchIndex port without anything beside it. Analysis and scores are
// Lucene's to the bit (see analyzer.hpp, bm25.hpp and text_query.hpp), so a shop that moves to OpenSearch sees the same
// results.
//
// Everything is in memory and is rebuilt from the book store when a process starts. A book without a description takes
// about 280 bytes in a large shop and 450 in one of 200 books; each term of a description adds 3 to 5.
//
// Thread rules: every member may be called from any thread. Searches run to their end in the caller's thread, in
// microseconds, and wait for no writer's work. A write returns when it is visible; merges of more than `merge_at_once`
// books run in the engine's own thread.
#pragma once

#include "adapters/search/tenant_index.hpp"
#include "ports/search_index.hpp"

#include <memory>

namespace estante::search {

std::unique_ptr<SearchIndex> create_search_index(TenantIndexLimits limits = {});

} // namespace estante::search

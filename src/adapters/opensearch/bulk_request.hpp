// Bulk requests: many writes in one request, each with the version of its book.
#pragma once

#include "analysis/title_collation.hpp"
#include "domain/value.hpp"
#include "ports/search_index.hpp"

#include <cstddef>
#include <string>

namespace estante::opensearch {

// The fields of the mapping.
Map document_source(const TenantId& tenant, const SearchDocument& document, const analysis::TitleCollation& collation);

// The two NDJSON lines of a change. A removal is an empty document. Requires an alias, since otherwise the engine would
// create a missing index with a mapping of its own.
std::string bulk_lines(const TenantId& tenant, const IndexChange& change, const analysis::TitleCollation& collation);

// The result of a bulk request. A version conflict counts as done: the index has this version or a later one.
struct BulkOutcome {
    enum class Kind {
        done,
        index_missing, // the alias or index does not exist
        rejected,      // a document is invalid
        unavailable,   // some writes failed or have an unknown outcome; repeat all
    };
    Kind kind = Kind::done;
    std::string reason{}; // one line
};
BulkOutcome parse_bulk_response(const Map& response, std::size_t changes);

} // namespace estante::opensearch

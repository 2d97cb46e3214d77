// Many writes in one request, each with the version of its book.
#pragma once

#include "analysis/title_collation.hpp"
#include "domain/value.hpp"
#include "ports/search_index.hpp"

#include <cstddef>
#include <string>

namespace estante::opensearch {

// A document as the mapping has it.
Map source_of(const TenantId& tenant, const SearchDocument& document, const analysis::TitleCollation& collation);

// The two lines of a change. A removal is a document with nothing but its id. Written only through an alias, since the
// engine would make an index that is not there, with a mapping of its own.
std::string bulk_lines(const TenantId& tenant, const IndexChange& change, const analysis::TitleCollation& collation);

// What became of a request. A version conflict is done: the index knew as much, or more.
struct BulkOutcome {
    enum class Kind {
        done,
        absent,      // there is no such alias or index (any more)
        refused,     // a document is invalid
        unavailable, // of some writes it is not known, or they are to come again
    };
    Kind kind = Kind::done;
    std::string reason{}; // one line
};
BulkOutcome outcome_of(const Map& answer, std::size_t changes);

} // namespace estante::opensearch

#pragma once

#include "domain/caller.hpp"
#include "operations/imports/import_view.hpp"

namespace estante::imports {

struct ListRefusedRows {
    ImportId import_id;
    std::optional<PageToken> cursor{};
    PageLimit limit{};
};
BOOST_DESCRIBE_STRUCT(ListRefusedRows, (), (import_id, cursor, limit))

// The rows that an import refused, in their order; at most the first 10,000. Errors: not_found.
Task<Result<ListOf<RefusedRowView>>> list_refused_rows(const Caller& caller, const ListRefusedRows& request,
                                                       TenantItems& items);

} // namespace estante::imports

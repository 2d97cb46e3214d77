#pragma once

#include "domain/caller.hpp"
#include "operations/imports/import_view.hpp"

#include <vector>

namespace estante::imports {

struct GetImport {
    ImportId import_id;
};
BOOST_DESCRIBE_STRUCT(GetImport, (), (import_id))

struct ImportProgress : ImportView {
    std::vector<RefusedRowView> refused_rows; // the first 20; list_refused_rows returns all
};
BOOST_DESCRIBE_STRUCT(ImportProgress, (ImportView), (refused_rows))

// The progress of an import and the first 20 rows that it refused. Errors: not_found.
Task<Result<ImportProgress>> get_import(const Caller& caller, const GetImport& request, TenantItems& items);

} // namespace estante::imports

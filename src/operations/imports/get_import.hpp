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
    std::vector<RefusedRowView> refused_rows; // the first of them; list_refused_rows has all
};
BOOST_DESCRIBE_STRUCT(ImportProgress, (ImportView), (refused_rows))

// How far an import is, and the first 20 rows that it refused. Errors: not_found.
Task<Result<ImportProgress>> get_import(const Caller& caller, const GetImport& request, TenantItems& items);

} // namespace estante::imports

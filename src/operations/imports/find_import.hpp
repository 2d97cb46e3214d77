#pragma once

#include "domain/result.hpp"
#include "ports/tenant_items.hpp"
#include "records/import_records.hpp"

namespace estante::imports {

// An import job as it is stored. Errors: not_found.
Task<Result<ImportJob>> find_import(TenantItems& items, ImportId job);

} // namespace estante::imports

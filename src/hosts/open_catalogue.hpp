// Opens the catalogue file of an import.
#pragma once

#include "adapters/catalogues/catalogue_reader.hpp"
#include "domain/result.hpp"
#include "ports/tenant_items.hpp"
#include "records/import_records.hpp"

#include <memory>
#include <string>

namespace estante {

// With the defaults of the import, and category headings in the tenant's language. Errors: those of
// create_catalogue_reader.
Task<Result<std::unique_ptr<catalogues::CatalogueReader>>> open_catalogue(TenantItems& items, ImportDefaults defaults,
                                                                          std::string path);

} // namespace estante

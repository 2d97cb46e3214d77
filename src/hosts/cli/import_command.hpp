#pragma once

#include "adapters/catalogues/catalogue_reader.hpp"
#include "hosts/cli/output.hpp"
#include "operations/imports/start_import.hpp"

namespace estante {
class Bookstore;
}

namespace estante::commands {

// Imports what the reader gives, with a progress bar; says each refused row and what was repaired. The exit code.
int import_rows(Bookstore& store, const TenantId& tenant, catalogues::CatalogueReader& reader,
                const ImportDefaults& defaults, bool all_refused, Output& output);

} // namespace estante::commands

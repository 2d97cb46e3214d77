#pragma once

#include "adapters/catalogues/catalogue_reader.hpp"
#include "hosts/cli/output.hpp"
#include "operations/imports/start_import.hpp"

namespace estante {
class Bookstore;
}

namespace estante::commands {

// Imports the rows of a catalogue with a progress bar; prints refused rows and a count of each repair. Returns the
// exit code.
int import_rows(Bookstore& store, const TenantId& tenant, catalogues::CatalogueReader& reader,
                const ImportDefaults& defaults, bool all_refused, Output& output);

} // namespace estante::commands

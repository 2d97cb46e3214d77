// Imports a catalogue. No route leads here: background tasks and the command line call it.
#pragma once

#include "domain/result.hpp"
#include "ports/catalogue_rows.hpp"
#include "ports/clock.hpp"
#include "ports/id_generator.hpp"
#include "ports/tenant_items.hpp"
#include "records/import_records.hpp"

#include <functional>

namespace estante::imports {

using ReportProgress = std::function<void(const ImportCounts&)>;

// Reads all rows and creates or changes books, in transactions of many books. It may be repeated, also after an
// interruption: a row finds its book by its source and id (by its ISBN, else by title and contributors, if the row has
// no id). A row that is the same as at its last import changes nothing, so manual corrections stay. A changed row
// replaces the entry, and the price if it has one; on_hand only applies to new books. A row whose ISBN belongs to
// another book is refused, and so is a row without a category.
//
// The job's item is written during the import (at most once a second) and at its end, refused rows as they occur.
// `progress` is called after each 100 rows, from the thread that runs the import. Errors: those of the store, such as
// unavailable; the job's status then stays `running`, and it has to be run again.
Task<Result<ImportJob>> run_import(TenantItems& items, ImportJob job, CatalogueRows& rows, Clock& clock,
                                   IdGenerator& ids, ReportProgress progress = {});

// Ends a job that cannot be completed, with the reason: the file is not a catalogue or cannot be read.
Task<Result<void>> fail_import(TenantItems& items, ImportId job, Phrase reason, Clock& clock);

} // namespace estante::imports

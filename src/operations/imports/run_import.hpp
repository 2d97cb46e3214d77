// Brings a catalogue into the shop. No route leads here: whoever runs import jobs, and the CLI, call it.
#pragma once

#include "domain/result.hpp"
#include "ports/catalogue_rows.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"
#include "ports/tenant_items.hpp"
#include "records/import_records.hpp"

#include <functional>

namespace estante::imports {

using Progress = std::function<void(const ImportCounts&)>;

// Reads all rows and makes books of them, in transactions of many books. Safe to repeat, also after it was cut off
// anywhere: a row knows its book by its source and id (by its ISBN, else by title and contributors, where the source
// gives no id). A row that is as it was at its last import changes nothing, so corrections made by hand stay; one that
// differs replaces the entry, and the price if it names one; on_hand counts for new books only. A row whose ISBN
// belongs to another book is refused, and so is one without a category.
//
// The job's item is written as the import goes on (at most once a second) and when it is done; refused rows as they
// come. `progress` is called after each hundred rows, from the thread that runs the import. Errors: unavailable and the
// like, from the store: the job then still counts as running, and is to be run again.
Task<Result<ImportJob>> run_import(TenantItems& items, ImportJob job, CatalogueRows& rows, Clock& clock, Ids& ids,
                                   Progress progress = {});

// Ends a job that cannot go on, saying why: the file is no catalogue, or cannot be read.
Task<Result<void>> fail_import(TenantItems& items, ImportId job, Phrase reason, Clock& clock);

} // namespace estante::imports

// Import jobs on a thread of the server. An upload waits in the spool folder until its job is done, so a job that was
// cut off by the end of the process goes on at the next start.
#pragma once

#include "adapters/catalogues/catalogue_reader.hpp"
#include "ports/clock.hpp"
#include "ports/id_generator.hpp"
#include "ports/import_jobs.hpp"
#include "ports/item_store.hpp"
#include "ports/tenant_items.hpp"
#include "records/import_records.hpp"

#include <filesystem>
#include <memory>

namespace estante {

// How a catalogue is read for this shop: with its defaults, and headings in its language.
catalogues::ReaderOptions reading_for(TenantItems& items, const ImportDefaults& defaults);

class EmbeddedImportJobs : public ImportJobs {
public:
    // Takes up the jobs that wait in the spool folder.
    virtual void resume() = 0;
};

// On destruction the job in hand stops after its transaction; it stays in the spool folder.
std::unique_ptr<EmbeddedImportJobs> create_embedded_import_jobs(std::filesystem::path spool, ItemStore& store,
                                                                Clock& clock, IdGenerator& ids);

} // namespace estante

// Runs import jobs one after the other on a worker of the server.
#pragma once

#include "background/worker.hpp"
#include "domain/result.hpp"
#include "ports/catalogue_rows.hpp"
#include "ports/clock.hpp"
#include "ports/id_generator.hpp"
#include "ports/import_jobs.hpp"
#include "ports/item_store.hpp"
#include "ports/tenant_items.hpp"
#include "records/import_records.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace estante {

// Opens a catalogue file with the defaults of its import, for the tenant of `items`. Errors: those of the job.
using OpenCatalogue = std::function<Task<Result<std::unique_ptr<CatalogueRows>>>(
    TenantItems& items, ImportDefaults defaults, std::string path)>;

// An upload stays in the spool folder until its job has finished, so that a job continues after a restart.
class ImportRunner final : public ImportJobs {
public:
    // The worker is the runner's alone. All outlive it.
    ImportRunner(std::filesystem::path spool, OpenCatalogue open, ItemStore& store, Clock& clock, IdGenerator& ids,
                 Worker& worker);
    ~ImportRunner() override; // as stop of the worker: the current job stops after its transaction

    Task<void> start(TenantId tenant, ImportId id, Upload upload) override;
    // Starts the jobs in the spool folder.
    void resume();

private:
    struct Job {
        TenantId tenant;
        ImportId id;
    };

    const std::filesystem::path spool_;
    const OpenCatalogue open_;
    ItemStore& store_;
    Clock& clock_;
    IdGenerator& ids_;
    Worker& worker_;

    std::filesystem::path file_of(const Job& job) const;
    void submit(const Job& job);
    Task<void> run(Job job);
};

} // namespace estante

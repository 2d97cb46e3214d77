#include "background/import_runner.hpp"

#include "operations/imports/find_import.hpp"
#include "operations/imports/import_view.hpp"
#include "operations/imports/run_import.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <exception>
#include <utility>

namespace estante {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view file_prefix = "job.";

struct Stopped {};

// The rows of a file, until the worker stops.
class StoppableRows final : public CatalogueRows {
public:
    StoppableRows(CatalogueRows& rows, const Worker& worker) : rows_(rows), worker_(worker) {}
    CatalogueRecord next() override
    {
        if (worker_.is_stopping())
            throw Stopped{};
        return rows_.next();
    }

private:
    CatalogueRows& rows_;
    const Worker& worker_;
};

} // namespace

ImportRunner::ImportRunner(fs::path spool, OpenCatalogue open, ItemStore& store, Clock& clock, IdGenerator& ids,
                           Worker& worker)
    : spool_(std::move(spool)), open_(std::move(open)), store_(store), clock_(clock), ids_(ids), worker_(worker)
{
}

ImportRunner::~ImportRunner()
{
    worker_.stop();
}

Task<void> ImportRunner::start(TenantId tenant, ImportId id, Upload upload)
{
    const Job job{std::move(tenant), std::move(id)};
    fs::rename(upload.path, file_of(job));
    submit(job);
    co_return;
}

void ImportRunner::resume()
{
    for (const auto& entry : fs::directory_iterator(spool_)) {
        const std::string name = entry.path().filename().native();
        const auto dot = name.rfind('.');
        if (!name.starts_with(file_prefix) || dot < file_prefix.size())
            continue;
        const auto tenant =
            TenantId::parse(std::string_view(name).substr(file_prefix.size(), dot - file_prefix.size()));
        const auto id = ImportId::parse(std::string_view(name).substr(dot + 1));
        if (tenant && id)
            submit({*tenant, *id});
    }
}

fs::path ImportRunner::file_of(const Job& job) const
{
    return spool_ / fmt::format("{}{}.{}", file_prefix, job.tenant.value, job.id.value);
}

void ImportRunner::submit(const Job& job)
{
    const auto name = fmt::format("import {} of {}", job.id.value, job.tenant.value);
    worker_.submit({.name = name,
                    .step = [this, job]() -> Task<StepResult> {
                        co_await run(job);
                        co_return StepResult::done;
                    }},
                   [this, name](const std::exception_ptr& error) {
                       try {
                           if (error && !worker_.is_stopping()) // a job that is cut off continues at the next start
                               std::rethrow_exception(error);
                       } catch (const std::exception& cause) {
                           spdlog::error("{}: {}", name, cause.what());
                       }
                   });
}

Task<void> ImportRunner::run(Job job)
{
    TenantItems items(job.tenant, store_);
    auto stored = co_await imports::find_import(items, job.id);
    if (!stored)
        co_return spdlog::warn("import {} of {}: no such job", job.id.value, job.tenant.value);
    auto rows = co_await open_(items, stored->defaults, file_of(job).native());
    if (!rows) {
        if (co_await imports::fail_import(items, job.id, rows.error().detail, clock_))
            fs::remove(file_of(job));
        co_return;
    }
    StoppableRows stoppable(**rows, worker_);
    try {
        const auto done = co_await imports::run_import(items, std::move(*stored), stoppable, clock_, ids_);
        if (done)
            fs::remove(file_of(job));
        else // the file stays in the spool folder, for the next start
            spdlog::error("import {} of {}: {}", job.id.value, job.tenant.value, done.error().detail.en);
    } catch (const Stopped&) {
        co_return; // likewise
    }
}

} // namespace estante

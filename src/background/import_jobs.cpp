#include "background/import_jobs.hpp"

#include "adapters/catalogues/catalogue_reader.hpp"
#include "operations/imports/find_import.hpp"
#include "operations/imports/run_import.hpp"
#include "records/tenants.hpp"
#include "runtime/run_task.hpp"
#include "runtime/thread_priority.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>

namespace estante {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "job.";

struct Job {
    TenantId tenant;
    ImportId id;
};

struct Stopped {};

// The rows of a file, until the server stops.
class StoppableRows final : public CatalogueRows {
public:
    StoppableRows(CatalogueRows& rows, std::stop_token stop) : rows_(rows), stop_(std::move(stop)) {}
    CatalogueRecord next() override
    {
        if (stop_.stop_requested())
            throw Stopped{};
        return rows_.next();
    }

private:
    CatalogueRows& rows_;
    std::stop_token stop_;
};

class Jobs final : public EmbeddedImportJobs {
public:
    Jobs(fs::path spool, ItemStore& store, Clock& clock, IdGenerator& ids)
        : spool_(std::move(spool)), store_(store), clock_(clock), ids_(ids)
    {
        thread_ = std::jthread([this](const std::stop_token& stop) {
            lower_thread_priority();
            work(stop);
        });
    }

    Task<void> start(TenantId tenant, ImportId id, Upload upload) override
    {
        const Job job{std::move(tenant), std::move(id)};
        fs::rename(upload.path, file_of(job));
        enqueue(job);
        co_return;
    }

    void resume() override
    {
        for (const auto& entry : fs::directory_iterator(spool_)) {
            const std::string name = entry.path().filename().native();
            const auto dot = name.rfind('.');
            if (!name.starts_with(prefix) || dot < prefix.size())
                continue;
            const auto tenant = TenantId::parse(std::string_view(name).substr(prefix.size(), dot - prefix.size()));
            const auto id = ImportId::parse(std::string_view(name).substr(dot + 1));
            if (tenant && id)
                enqueue({*tenant, *id});
        }
    }

private:
    fs::path spool_;
    ItemStore& store_;
    Clock& clock_;
    IdGenerator& ids_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::deque<Job> waiting_;
    std::jthread thread_; // last: it stops before what it uses goes

    fs::path file_of(const Job& job) const
    {
        return spool_ / fmt::format("{}{}.{}", prefix, job.tenant.value, job.id.value);
    }

    void enqueue(const Job& job)
    {
        {
            const std::lock_guard lock(mutex_);
            waiting_.push_back(job);
        }
        wake_.notify_one();
    }

    void work(const std::stop_token& stop)
    {
        while (true) {
            std::unique_lock lock(mutex_);
            if (!wake_.wait(lock, stop, [this] { return !waiting_.empty(); }))
                return;
            const Job job = waiting_.front();
            waiting_.pop_front();
            lock.unlock();
            try {
                run(job, stop);
            } catch (const Stopped&) {
                return;
            } catch (const std::exception& error) {
                spdlog::error("import {} of {}: {}", job.id.value, job.tenant.value, error.what());
            }
        }
    }

    void run(const Job& job, const std::stop_token& stop)
    {
        TenantItems items(job.tenant, store_);
        auto stored = run_task(imports::find_import(items, job.id));
        if (!stored)
            return spdlog::warn("import {} of {}: no such job", job.id.value, job.tenant.value);
        auto reader = catalogues::create_catalogue_reader(file_of(job).native(), reading_for(items, stored->defaults));
        if (!reader) {
            if (run_task(imports::fail_import(items, job.id, reader.error().detail, clock_)))
                fs::remove(file_of(job));
            return;
        }
        StoppableRows rows(**reader, stop);
        const auto done = run_task(imports::run_import(items, std::move(*stored), rows, clock_, ids_));
        if (done)
            fs::remove(file_of(job));
        else // it stays in the spool folder, for the next start
            spdlog::error("import {} of {}: {}", job.id.value, job.tenant.value, done.error().detail.en);
    }
};

} // namespace

catalogues::ReaderOptions reading_for(TenantItems& items, const ImportDefaults& defaults)
{
    catalogues::ReaderOptions reading;
    if (defaults.category)
        reading.category = defaults.category->value;
    if (const auto shop = run_task(find_tenant(items)); shop && *shop && (*shop)->settings.language.value == "es")
        reading.heading_language = "es";
    return reading;
}

std::unique_ptr<EmbeddedImportJobs> create_embedded_import_jobs(fs::path spool, ItemStore& store, Clock& clock,
                                                                IdGenerator& ids)
{
    return std::make_unique<Jobs>(std::move(spool), store, clock, ids);
}

} // namespace estante

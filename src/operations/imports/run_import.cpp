#include "operations/imports/run_import.hpp"

#include "domain/code_points.hpp"
#include "operations/imports/detail/plan_rows.hpp"
#include "operations/imports/find_import.hpp"
#include "records/store_failure.hpp"

#include <algorithm>
#include <set>

namespace estante::imports {

namespace {

constexpr std::size_t max_batch_rows = 100; // the keys of one batch_get
constexpr std::size_t max_transaction_actions = 100;
constexpr std::size_t max_transaction_bytes = 3'000'000; // of the 4 MB of a transaction
constexpr std::size_t max_subject_bytes = 200;
constexpr int max_row_attempts = 3;
constexpr std::int64_t save_interval_ms = 1000;

using Outcome = RowPlan::Outcome;

std::size_t bytes_of(const RowPlan& plan)
{
    std::size_t sum = 0;
    for (const Action& action : plan.actions) {
        if (const Put* put = std::get_if<Put>(&action))
            sum += size_of(put->item);
    }
    return sum;
}

// Rows that are planned together: their sources differ, and so do their pairs of ISBN and condition.
class Batch {
public:
    bool accepts(const IdentifiedRow& identified) const
    {
        return rows.size() < max_batch_rows && !sources_.contains(identified.source) &&
               !isbns_.contains(isbn_of(identified));
    }
    void add(IdentifiedRow identified)
    {
        sources_.insert(identified.source);
        if (identified.row.entry.isbn)
            isbns_.insert(isbn_of(identified));
        rows.push_back(std::move(identified));
    }

    std::vector<IdentifiedRow> rows;

private:
    using IsbnInCondition = std::pair<std::string, BookCondition>;

    std::set<std::string> sources_;
    std::set<IsbnInCondition> isbns_;

    static IsbnInCondition isbn_of(const IdentifiedRow& identified)
    {
        const BookEntry& entry = identified.row.entry;
        return {entry.isbn ? entry.isbn->value : "", entry.condition.value};
    }
};

class Import {
public:
    Import(TenantItems& items, ImportJob job, Clock& clock, IdGenerator& ids, ReportProgress progress)
        : items_(items), job_(std::move(job)), clock_(clock), ids_(ids), progress_(std::move(progress))
    {
    }

    Task<Result<ImportJob>> run(CatalogueRows& rows);

private:
    TenantItems& items_;
    ImportJob job_;
    Clock& clock_;
    IdGenerator& ids_;
    ReportProgress progress_;
    std::vector<RowRefusal> refusals_; // not stored yet
    std::int64_t stored_refusals_ = 0;

    Task<Result<void>> import_batch(Batch batch);
    Task<Result<void>> commit(const std::vector<IdentifiedRow>& rows, std::vector<RowPlan>& plans,
                              const std::vector<std::size_t>& indices);
    Task<Result<void>> import_row(const IdentifiedRow& identified);
    void count(const IdentifiedRow& identified, const RowPlan& plan);
    void refuse(RowRefusal refusal);
    Task<Result<void>> save_refusals();
    Task<Result<void>> save_job();
    Task<Result<void>> report();
};

void Import::refuse(RowRefusal refusal)
{
    ++job_.counts.rows;
    ++job_.counts.refused;
    if (stored_refusals_ + static_cast<std::int64_t>(refusals_.size()) < max_stored_refusals)
        refusals_.push_back(std::move(refusal));
}

void Import::count(const IdentifiedRow& identified, const RowPlan& plan)
{
    switch (plan.outcome) {
    case Outcome::created:
        ++job_.counts.created;
        break;
    case Outcome::updated:
        ++job_.counts.updated;
        break;
    case Outcome::unchanged:
        ++job_.counts.unchanged;
        break;
    case Outcome::refused:
        return refuse({identified.row.row,
                       std::string(first_bytes(identified.row.entry.title.value, max_subject_bytes)), plan.reason});
    }
    ++job_.counts.rows;
}

Task<Result<void>> Import::import_row(const IdentifiedRow& identified)
{
    for (int attempt = 0; attempt < max_row_attempts; ++attempt) {
        auto plans = co_await plan_rows(items_, {identified}, ids_, clock_.now_ms());
        if (!plans)
            co_return std::unexpected(plans.error());
        RowPlan& plan = plans->front();
        if (!plan.actions.empty()) {
            const auto stored = co_await items_.transact(plan.actions);
            if (!stored && !is_condition_failed(stored.error()))
                co_return store_failure(stored.error());
            if (!stored)
                continue;
        }
        count(identified, plan);
        co_return Result<void>{};
    }
    count(identified, {.outcome = Outcome::refused,
                       .reason = {"Otras peticiones cambiaron el libro mientras se importaba. Repita la importación.",
                                  "Other requests changed the book while it was imported. Repeat the import."}});
    co_return Result<void>{};
}

// Commits all these plans in one transaction; if it fails, each row alone.
Task<Result<void>> Import::commit(const std::vector<IdentifiedRow>& rows, std::vector<RowPlan>& plans,
                                  const std::vector<std::size_t>& indices)
{
    if (indices.empty())
        co_return Result<void>{};
    std::vector<Action> actions;
    for (const auto index : indices)
        std::ranges::move(plans[index].actions, std::back_inserter(actions));
    const auto stored = co_await items_.transact(std::move(actions));
    if (!stored && !is_condition_failed(stored.error()))
        co_return store_failure(stored.error());
    for (const auto index : indices) {
        if (stored)
            count(rows[index], plans[index]);
        else if (auto done = co_await import_row(rows[index]); !done)
            co_return done;
    }
    co_return Result<void>{};
}

Task<Result<void>> Import::import_batch(Batch batch)
{
    auto plans = co_await plan_rows(items_, batch.rows, ids_, clock_.now_ms());
    if (!plans)
        co_return std::unexpected(plans.error());
    std::vector<std::size_t> indices;
    std::size_t actions = 0;
    std::size_t bytes = 0;
    for (std::size_t index = 0; index < batch.rows.size(); ++index) {
        const RowPlan& plan = (*plans)[index];
        if (plan.actions.empty()) {
            count(batch.rows[index], plan);
            continue;
        }
        const auto plan_bytes = bytes_of(plan);
        if (actions + plan.actions.size() > max_transaction_actions || bytes + plan_bytes > max_transaction_bytes) {
            if (auto done = co_await commit(batch.rows, *plans, std::exchange(indices, {})); !done)
                co_return done;
            actions = 0;
            bytes = 0;
        }
        indices.push_back(index);
        actions += plan.actions.size();
        bytes += plan_bytes;
    }
    if (auto done = co_await commit(batch.rows, *plans, indices); !done)
        co_return done;
    co_return co_await report();
}

Task<Result<void>> Import::save_refusals()
{
    std::vector<Action> actions;
    for (const RowRefusal& refusal : std::exchange(refusals_, {}))
        actions.emplace_back(Put{.table = Table::books, .item = to_item(refusal, job_, ++stored_refusals_)});
    if (actions.empty())
        co_return Result<void>{};
    const auto stored = co_await items_.batch_write(std::move(actions));
    if (!stored)
        co_return store_failure(stored.error());
    co_return Result<void>{};
}

Task<Result<void>> Import::save_job()
{
    job_.updated_ms = clock_.now_ms();
    const auto stored = co_await items_.put({.table = Table::books, .item = to_item(job_)});
    if (!stored)
        co_return store_failure(stored.error());
    co_return Result<void>{};
}

Task<Result<void>> Import::report()
{
    if (progress_)
        progress_(job_.counts);
    if (auto saved = co_await save_refusals(); !saved)
        co_return saved;
    if (clock_.now_ms() - job_.updated_ms < save_interval_ms)
        co_return Result<void>{};
    co_return co_await save_job();
}

Task<Result<ImportJob>> Import::run(CatalogueRows& rows)
{
    job_.status = ImportStatus::running;
    job_.counts = {};
    job_.failure.reset();
    if (auto saved = co_await save_job(); !saved)
        co_return std::unexpected(saved.error());

    Batch batch;
    for (bool more = true; more;) {
        auto record = rows.next();
        if (auto* refusal = std::get_if<RowRefusal>(&record)) {
            refuse(std::move(*refusal));
            if (refusals_.size() >= max_batch_rows) {
                if (auto reported = co_await report(); !reported)
                    co_return std::unexpected(reported.error());
            }
            continue;
        }
        auto* row = std::get_if<CatalogueRow>(&record);
        more = row != nullptr;
        std::optional<IdentifiedRow> next;
        if (row)
            next = identify_row(std::move(*row), job_.defaults);
        if (!next || !batch.accepts(*next)) {
            if (auto done = co_await import_batch(std::exchange(batch, {})); !done)
                co_return std::unexpected(done.error());
        }
        if (next)
            batch.add(std::move(*next));
    }
    job_.status = ImportStatus::done;
    if (auto saved = co_await save_refusals(); !saved)
        co_return std::unexpected(saved.error());
    if (auto saved = co_await save_job(); !saved)
        co_return std::unexpected(saved.error());
    co_return job_;
}

} // namespace

Task<Result<ImportJob>> run_import(TenantItems& items, ImportJob job, CatalogueRows& rows, Clock& clock,
                                   IdGenerator& ids, ReportProgress progress)
{
    Import import(items, std::move(job), clock, ids, std::move(progress));
    co_return co_await import.run(rows);
}

Task<Result<void>> fail_import(TenantItems& items, ImportId id, Phrase reason, Clock& clock)
{
    auto job = co_await find_import(items, id);
    if (!job)
        co_return std::unexpected(job.error());
    job->status = ImportStatus::failed;
    job->failure = std::move(reason);
    job->updated_ms = clock.now_ms();
    const auto stored = co_await items.put({.table = Table::books, .item = to_item(*job)});
    if (!stored)
        co_return store_failure(stored.error());
    co_return Result<void>{};
}

} // namespace estante::imports

#include "operations/imports/run_import.hpp"

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

std::size_t bytes_of(const RowPlan& step)
{
    std::size_t sum = 0;
    for (const Action& action : step.actions) {
        if (const Put* put = std::get_if<Put>(&action))
            sum += size_of(put->item);
    }
    return sum;
}

// At most so many bytes of a text, whole characters.
std::string beginning_of(const std::string& text, std::size_t max_bytes)
{
    auto size = std::min(text.size(), max_bytes);
    while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
        --size;
    return text.substr(0, size);
}

// Rows that are planned together: their sources differ, and their pairs of ISBN and condition.
class Batch {
public:
    bool takes(const IdentifiedRow& incoming) const
    {
        return rows.size() < max_batch_rows && !sources_.contains(incoming.source) &&
               !isbns_.contains(isbn_of(incoming));
    }
    void add(IdentifiedRow incoming)
    {
        sources_.insert(incoming.source);
        if (incoming.row.entry.isbn)
            isbns_.insert(isbn_of(incoming));
        rows.push_back(std::move(incoming));
    }

    std::vector<IdentifiedRow> rows;

private:
    using IsbnInCondition = std::pair<std::string, BookCondition>;

    std::set<std::string> sources_;
    std::set<IsbnInCondition> isbns_;

    static IsbnInCondition isbn_of(const IdentifiedRow& incoming)
    {
        const BookEntry& entry = incoming.row.entry;
        return {entry.isbn ? entry.isbn->value : "", entry.condition.value};
    }
};

class Import {
public:
    Import(TenantItems& items, ImportJob job, Clock& clock, Ids& ids, Progress progress)
        : items_(items), job_(std::move(job)), clock_(clock), ids_(ids), progress_(std::move(progress))
    {
    }

    Task<Result<ImportJob>> run(CatalogueRows& rows);

private:
    TenantItems& items_;
    ImportJob job_;
    Clock& clock_;
    Ids& ids_;
    Progress progress_;
    std::vector<RowRefusal> refusals_; // not stored yet
    std::int64_t stored_refusals_ = 0;

    Task<Result<void>> import_batch(Batch batch);
    Task<Result<void>> commit(const std::vector<IdentifiedRow>& rows, std::vector<RowPlan>& steps,
                              const std::vector<std::size_t>& places);
    Task<Result<void>> import_row(const IdentifiedRow& incoming);
    void count(const IdentifiedRow& incoming, const RowPlan& step);
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

void Import::count(const IdentifiedRow& incoming, const RowPlan& step)
{
    switch (step.outcome) {
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
        return refuse({incoming.row.row, beginning_of(incoming.row.entry.title.value, max_subject_bytes), step.reason});
    }
    ++job_.counts.rows;
}

Task<Result<void>> Import::import_row(const IdentifiedRow& incoming)
{
    for (int attempt = 0; attempt < max_row_attempts; ++attempt) {
        auto steps = co_await plan_rows(items_, {incoming}, ids_, clock_.now_ms());
        if (!steps)
            co_return std::unexpected(steps.error());
        RowPlan& step = steps->front();
        if (!step.actions.empty()) {
            const auto stored = co_await items_.transact(step.actions);
            if (!stored && !is_condition_failed(stored.error()))
                co_return store_failure(stored.error());
            if (!stored)
                continue;
        }
        count(incoming, step);
        co_return Result<void>{};
    }
    count(incoming, {.outcome = Outcome::refused,
                     .reason = {"El libro cambió una y otra vez mientras se importaba. Repita la importación.",
                                "The book kept changing while it was imported. Repeat the import."}});
    co_return Result<void>{};
}

// All these steps in one transaction; if one of them is refused, each alone.
Task<Result<void>> Import::commit(const std::vector<IdentifiedRow>& rows, std::vector<RowPlan>& steps,
                                  const std::vector<std::size_t>& places)
{
    if (places.empty())
        co_return Result<void>{};
    std::vector<Action> actions;
    for (const auto place : places)
        std::ranges::move(steps[place].actions, std::back_inserter(actions));
    const auto stored = co_await items_.transact(std::move(actions));
    if (!stored && !is_condition_failed(stored.error()))
        co_return store_failure(stored.error());
    for (const auto place : places) {
        if (stored)
            count(rows[place], steps[place]);
        else if (auto done = co_await import_row(rows[place]); !done)
            co_return done;
    }
    co_return Result<void>{};
}

Task<Result<void>> Import::import_batch(Batch batch)
{
    auto steps = co_await plan_rows(items_, batch.rows, ids_, clock_.now_ms());
    if (!steps)
        co_return std::unexpected(steps.error());
    std::vector<std::size_t> places;
    std::size_t actions = 0;
    std::size_t bytes = 0;
    for (std::size_t place = 0; place < batch.rows.size(); ++place) {
        const RowPlan& step = (*steps)[place];
        if (step.actions.empty()) {
            count(batch.rows[place], step);
            continue;
        }
        const auto step_bytes = bytes_of(step);
        if (actions + step.actions.size() > max_transaction_actions || bytes + step_bytes > max_transaction_bytes) {
            if (auto done = co_await commit(batch.rows, *steps, std::exchange(places, {})); !done)
                co_return done;
            actions = 0;
            bytes = 0;
        }
        places.push_back(place);
        actions += step.actions.size();
        bytes += step_bytes;
    }
    if (auto done = co_await commit(batch.rows, *steps, places); !done)
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
            next = incoming(std::move(*row), job_.defaults);
        if (!next || !batch.takes(*next)) {
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

Task<Result<ImportJob>> run_import(TenantItems& items, ImportJob job, CatalogueRows& rows, Clock& clock, Ids& ids,
                                   Progress progress)
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

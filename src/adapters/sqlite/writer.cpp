#include "adapters/sqlite/writer.hpp"

#include "ports/rules/item_rules.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <pthread.h>
#include <utility>

namespace estante::sqlite {

namespace {

constexpr std::size_t sweep_rows = 200;

} // namespace

Writer::Writer(Connection& connection, Clock& clock, PartitionVersions& partition_versions,
               const SqliteOptions& options)
    : group_(connection, partition_versions), clock_(clock), options_(options), thread_([this] { run(); })
{
}

Writer::~Writer()
{
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    queue_changed_.notify_one();
    thread_.join();
}

Task<StoreResult<void>> Writer::commit(WriteJob& job)
{
    namespace asio = boost::asio;
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
        [this, &job](auto handler) {
            auto work =
                asio::make_work_guard(asio::get_associated_executor(handler)); // keeps the caller's loop running
            enqueue({&job, [handler = std::move(handler), work = std::move(work)]() mutable {
                         asio::post(work.get_executor(), std::move(handler));
                     }});
        },
        asio::use_awaitable);
    if (job.exception)
        std::rethrow_exception(job.exception);
    if (job.error)
        co_return std::unexpected(std::move(*job.error));
    co_return StoreResult<void>();
}

void Writer::on_commit(std::function<void()> wake)
{
    const std::lock_guard lock(mutex_);
    commit_listeners_.push_back(std::move(wake));
}

void Writer::enqueue(PendingJob pending)
{
    std::unique_lock lock(mutex_);
    if (!closing_ && queue_.size() < options_.max_queued) {
        queue_.push_back(std::move(pending));
        if (queue_.size() == 1)
            queue_changed_.notify_one(); // otherwise the writer was already notified
        return;
    }
    pending.job->error = StoreError{.code = StoreError::Code::unavailable,
                                    .detail = closing_ ? "the store is closing" : "too many transactions are queued"};
    lock.unlock();
    pending.resume();
}

bool Writer::take_group(std::vector<PendingJob>& jobs)
{
    std::unique_lock lock(mutex_);
    queue_changed_.wait_for(lock, std::chrono::milliseconds(options_.sweep_interval_ms),
                            [this] { return closing_ || !queue_.empty(); });
    std::size_t bytes = 0;
    while (!queue_.empty() && jobs.size() < options_.max_group_transactions && bytes <= options_.max_group_bytes) {
        bytes += queue_.front().job->bytes();
        jobs.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    return !jobs.empty() || !closing_;
}

void Writer::run()
{
    pthread_setname_np(pthread_self(), "store-writer");
    const auto sweep_interval = std::chrono::milliseconds(options_.sweep_interval_ms);
    auto next_sweep = std::chrono::steady_clock::now() + sweep_interval;
    std::vector<PendingJob> jobs;
    while (take_group(jobs)) {
        if (!jobs.empty()) {
            commit_jobs(jobs);
            commits_.fetch_add(1, std::memory_order_relaxed);
            transactions_.fetch_add(jobs.size(), std::memory_order_relaxed);
            for (PendingJob& pending : jobs)
                pending.resume();
            jobs.clear();
        }
        if (std::chrono::steady_clock::now() < next_sweep)
            continue;
        SweepJob sweep;
        PendingJob pending{&sweep, {}};
        commit_jobs({&pending, 1});
        // A full batch may have left more rows, so the next sweep follows without a pause.
        next_sweep = std::chrono::steady_clock::now();
        if (sweep.removed < sweep_rows)
            next_sweep += sweep_interval;
    }
}

void Writer::commit_jobs(std::span<const PendingJob> jobs)
{
    try {
        group_.begin(clock_.now_ms());
        for (const PendingJob& pending : jobs)
            execute(*pending.job);
        const bool has_changes = group_.has_changes();
        group_.commit();
        if (has_changes)
            notify_listeners();
    } catch (const SqliteError& error) {
        group_.rollback();
        for (const PendingJob& pending : jobs)
            pending.job->error = StoreError{.code = StoreError::Code::unavailable, .detail = error.what()};
    }
}

void Writer::execute(WriteJob& job)
{
    const auto rows_written = group_.rows_written();
    try {
        job.execute(group_);
    } catch (const SqliteError&) {
        throw;
    } catch (...) {
        job.exception = std::current_exception();
        if (group_.rows_written() != rows_written)
            throw SqliteError(SQLITE_ABORT, "another transaction of the group failed after its first write");
    }
}

void Writer::notify_listeners()
{
    std::unique_lock lock(mutex_);
    const auto listeners = commit_listeners_;
    lock.unlock();
    for (const auto& notify : listeners)
        notify();
}

void SweepJob::execute(CommitGroup& group)
{
    removed =
        group.remove_expired(sweep_rows) + group.trim_changes(sweep_rows) + group.remove_expired_tokens(sweep_rows);
}

} // namespace estante::sqlite

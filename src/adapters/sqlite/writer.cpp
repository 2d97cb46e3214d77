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
    : session_(connection, partition_versions), clock_(clock), options_(options), thread_([this] { work(); })
{
}

Writer::~Writer()
{
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    arrived_.notify_one();
    thread_.join();
}

Task<StoreResult<void>> Writer::commit(Job& job)
{
    namespace asio = boost::asio;
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
        [this, &job](auto handler) {
            auto work =
                asio::make_work_guard(asio::get_associated_executor(handler)); // keeps its loop running meanwhile
            enqueue({&job, [handler = std::move(handler), work = std::move(work)]() mutable {
                         asio::post(work.get_executor(), std::move(handler));
                     }});
        },
        asio::use_awaitable);
    if (job.broken)
        std::rethrow_exception(job.broken);
    if (job.refused)
        co_return std::unexpected(std::move(*job.refused));
    co_return StoreResult<void>();
}

void Writer::on_commit(std::function<void()> wake)
{
    const std::lock_guard lock(mutex_);
    wakes_.push_back(std::move(wake));
}

void Writer::enqueue(Waiting waiting)
{
    std::unique_lock lock(mutex_);
    if (!closing_ && waiting_.size() < options_.max_waiting) {
        waiting_.push_back(std::move(waiting));
        if (waiting_.size() == 1)
            arrived_.notify_one(); // with more the writer has been told
        return;
    }
    waiting.job->refused = StoreError{.code = StoreError::Code::unavailable,
                                      .detail = closing_ ? "the store is closing" : "too many transactions wait"};
    lock.unlock();
    waiting.resume();
}

bool Writer::take(std::vector<Waiting>& group)
{
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, std::chrono::milliseconds(options_.sweep_every_ms),
                      [this] { return closing_ || !waiting_.empty(); });
    std::size_t bytes = 0;
    while (!waiting_.empty() && group.size() < options_.max_group && bytes <= options_.max_group_bytes) {
        bytes += waiting_.front().job->bytes();
        group.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    return !group.empty() || !closing_;
}

void Writer::work()
{
    pthread_setname_np(pthread_self(), "store-writer");
    const auto sweep_every = std::chrono::milliseconds(options_.sweep_every_ms);
    auto next_sweep = std::chrono::steady_clock::now() + sweep_every;
    std::vector<Waiting> group;
    while (take(group)) {
        if (!group.empty()) {
            commit_group(group);
            groups_.fetch_add(1, std::memory_order_relaxed);
            transactions_.fetch_add(group.size(), std::memory_order_relaxed);
            for (Waiting& waiting : group)
                waiting.resume();
            group.clear();
        }
        if (std::chrono::steady_clock::now() < next_sweep)
            continue;
        Sweep sweep;
        Waiting step{&sweep, {}};
        commit_group({&step, 1});
        // A full step may have left more; an empty one has not.
        next_sweep = std::chrono::steady_clock::now();
        if (sweep.removed < sweep_rows)
            next_sweep += sweep_every;
    }
}

void Writer::commit_group(std::span<const Waiting> group)
{
    try {
        session_.begin(clock_.now_ms());
        for (const Waiting& waiting : group)
            execute(*waiting.job);
        const bool has_changes = session_.has_changes();
        session_.commit();
        if (has_changes)
            wake_listeners();
    } catch (const Failure& failure) {
        session_.rollback();
        for (const Waiting& waiting : group)
            waiting.job->refused = StoreError{.code = StoreError::Code::unavailable, .detail = failure.what()};
    }
}

void Writer::execute(Job& job)
{
    const auto written = session_.written();
    try {
        job.execute(session_);
    } catch (const Failure&) {
        throw;
    } catch (...) {
        job.broken = std::current_exception();
        if (session_.written() != written)
            throw Failure(SQLITE_ABORT, "another transaction broke in the midst of its writes");
    }
}

void Writer::wake_listeners()
{
    std::unique_lock lock(mutex_);
    const auto wakes = wakes_;
    lock.unlock();
    for (const auto& wake : wakes)
        wake();
}

void Sweep::execute(Session& session)
{
    removed = session.remove_expired(sweep_rows) + session.trim_changes(sweep_rows) + session.forget_tokens(sweep_rows);
}

} // namespace estante::sqlite

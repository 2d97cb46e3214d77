// The single writer thread. It takes all queued jobs, executes them in one database transaction, commits once and then
// completes each on the executor of its caller. So many clients share one fsync (group commit).
#pragma once

#include "adapters/sqlite/commit_group.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "ports/clock.hpp"
#include "runtime/task.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

namespace estante::sqlite {

// A unit of work for the writer. It lives in the coroutine that awaits it and stores its own result.
class WriteJob {
public:
    virtual ~WriteJob() = default;

    // Runs on the writer thread. A SqliteError rolls back the whole group; any other exception before the first write
    // fails only this job.
    virtual void execute(CommitGroup& group) = 0;
    virtual std::size_t bytes() const { return 0; } // estimated size of what it writes

    // Set when the group could not be committed, or when execute() threw.
    std::optional<StoreError> error;
    std::exception_ptr exception;
};

class Writer {
public:
    Writer(Connection& connection, Clock& clock, PartitionVersions& partition_versions, const SqliteOptions& options);
    ~Writer(); // executes the queued jobs first
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    // Returns after the commit. Rethrows what execute() threw, except SqliteError.
    Task<StoreResult<void>> commit(WriteJob& job);
    void on_commit(std::function<void()> wake);

    std::uint64_t commits() const { return commits_.load(std::memory_order_relaxed); }
    std::uint64_t transactions() const { return transactions_.load(std::memory_order_relaxed); }

private:
    struct PendingJob {
        WriteJob* job;
        std::move_only_function<void()> resume;
    };

    CommitGroup group_;
    Clock& clock_;
    const SqliteOptions options_;
    std::atomic<std::uint64_t> commits_ = 0;
    std::atomic<std::uint64_t> transactions_ = 0;

    std::mutex mutex_;
    std::condition_variable queue_changed_;
    std::deque<PendingJob> queue_;
    bool closing_ = false;
    std::vector<std::function<void()>> commit_listeners_;
    std::thread thread_; // declared last, because it uses the members above

    void enqueue(PendingJob pending);
    // Waits for jobs and takes a group of them; none: a sweep is due. False: closing and the queue is empty.
    bool take_group(std::vector<PendingJob>& jobs);
    void run();
    void commit_jobs(std::span<const PendingJob> jobs);
    void execute(WriteJob& job);
    void notify_listeners();
};

// Removes a bounded number of expired items, expired tokens and changes past their retention.
class SweepJob final : public WriteJob {
public:
    void execute(CommitGroup& group) override;
    std::size_t removed = 0;
};

} // namespace estante::sqlite

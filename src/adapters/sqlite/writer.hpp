// The one thread that writes. It takes all jobs that wait, runs each within one database transaction, commits once and
// then answers each on its own executor, so that many clients share one sync of the disk.
#pragma once

#include "adapters/sqlite/session.hpp"
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

// What one caller wants written. It lives in the coroutine that waits for it and keeps its own answer.
class Job {
public:
    virtual ~Job() = default;

    // On the writer's thread. A Failure undoes the whole group; anything else that is thrown before the first write
    // fails this job alone.
    virtual void execute(Session& session) = 0;
    virtual std::size_t bytes() const { return 0; } // about as much as it writes

    // Set instead of an answer: the group could not be committed, or execute() threw.
    std::optional<StoreError> refused;
    std::exception_ptr broken;
};

class Writer {
public:
    Writer(Connection& connection, Clock& clock, PartitionVersions& partition_versions, const SqliteOptions& options);
    ~Writer(); // finishes what waits
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    // Answers after the commit. Throws what execute() threw, except Failure.
    Task<StoreResult<void>> commit(Job& job);
    void on_commit(std::function<void()> wake);

    std::uint64_t groups() const { return groups_.load(std::memory_order_relaxed); }
    std::uint64_t transactions() const { return transactions_.load(std::memory_order_relaxed); }

private:
    struct Waiting {
        Job* job;
        std::move_only_function<void()> resume;
    };

    Session session_;
    Clock& clock_;
    const SqliteOptions options_;
    std::atomic<std::uint64_t> groups_ = 0;
    std::atomic<std::uint64_t> transactions_ = 0;

    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Waiting> waiting_;
    bool closing_ = false;
    std::vector<std::function<void()>> wakes_;
    std::thread thread_; // last: it uses all of the above

    void enqueue(Waiting waiting);
    bool take(std::vector<Waiting>& group); // empty: time to sweep; false: closed and nothing waits
    void work();
    void commit_group(std::span<const Waiting> group);
    void execute(Job& job);
    void wake_listeners();
};

// One bounded step of what time ends: expired items, changes that nobody needs any more, tokens.
class Sweep final : public Job {
public:
    void execute(Session& session) override;
    std::size_t removed = 0;
};

} // namespace estante::sqlite

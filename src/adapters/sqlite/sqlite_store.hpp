// The item store in one SQLite file: durable, with grouped commits, and its change stream.
//
// Every write that was answered survives a crash of the process or the machine (WAL, synchronous=FULL), and every read
// that starts after the answer sees it. Reads run where they are called; writes wait for the one writer's thread and
// resume on their own executor. One process at a time has the store open.
#pragma once

#include "cache/partition_versions.hpp"
#include "ports/clock.hpp"
#include "ports/store.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>

namespace estante {

struct SqliteOptions {
    std::size_t max_group = 512;                     // transactions that share a commit
    std::size_t max_group_bytes = 8UL * 1024 * 1024; // of items that they write
    std::size_t max_waiting = 16'384;                // transactions; beyond it they are answered unavailable
    int busy_timeout_ms = 5'000; // for another process that has the file locked, a backup for instance
    int sweep_every_ms = 1'000;  // how often the writer looks for what time has ended
};

// Counted since the store was opened.
struct SqliteCounters {
    std::uint64_t groups = 0;       // commits
    std::uint64_t transactions = 0; // that the groups held, those that changed nothing too
    std::uint64_t syncs = 0;        // fsync and fdatasync calls, those of checkpoints too
};

// The file cannot be a store: one line that names the path and the cause.
class StoreOpenError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Its end finishes what waits and closes the file. The event loops of those who wait are still there.
class SqliteStore : public Store {
public:
    virtual SqliteCounters counters() const = 0;
    virtual StoreResult<std::int64_t> count_items() = 0; // in all tables, expired ones too

    // Removes some of what time has ended: expired items, changes past their 24 hours and every processor, tokens. The
    // writer does so by itself when it is idle. Answers how many rows it removed; 0 when there is no more.
    virtual Task<StoreResult<std::size_t>> sweep() = 0;

    // The store as it is at one moment, into a file that is not there yet (mode 0600, synced), while reads and writes
    // go on. It runs on a thread of its own. Errors: unavailable; then there is no file.
    virtual Task<StoreResult<void>> backup(std::filesystem::path to) = 0;
};

// Makes the file if there is none; its folder exists. Clock and stamps outlive the store. Throws StoreOpenError.
std::unique_ptr<SqliteStore> create_sqlite_store(const std::filesystem::path& path, Clock& clock,
                                                 PartitionVersions& partition_versions,
                                                 const SqliteOptions& options = {});

// Reads the whole file of a store that nobody has open, a backup for instance, and answers how many items it holds.
// Throws StoreOpenError when it is damaged.
std::int64_t check_sqlite_file(const std::filesystem::path& path);

} // namespace estante

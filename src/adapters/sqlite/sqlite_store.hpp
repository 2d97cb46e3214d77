// The item store and its change stream in one SQLite file, with group commit.
//
// A write is durable when it returns: it survives a crash of the process or the machine (WAL, synchronous=FULL). Every
// read that starts afterwards sees it. Reads run on the calling thread; writes run on the single writer thread and
// resume on the caller's executor. Only one process at a time may have the store open.
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
    std::size_t max_group_transactions = 512;        // transactions that share a commit
    std::size_t max_group_bytes = 8UL * 1024 * 1024; // of the items in a group
    std::size_t max_queued = 16'384;                 // transactions; further ones are `unavailable`
    int busy_timeout_ms = 5'000;   // how long to wait for the lock of another process, for example a backup
    int sweep_interval_ms = 1'000; // how often the writer sweeps
};

// Totals since the store was opened.
struct SqliteCounters {
    std::uint64_t commits = 0;
    std::uint64_t transactions = 0; // also those that changed nothing
};

// The store cannot be opened. The text is one line that names the path and the cause.
class StoreOpenError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// The destructor completes the queued writes and closes the file. The event loops of their callers must still run.
class SqliteStore : public Store {
public:
    virtual SqliteCounters counters() const = 0;
    virtual StoreResult<std::int64_t> count_items() = 0; // in all tables, including expired items

    // Removes a bounded number of expired items, expired tokens, and changes that are older than 24 hours and that
    // every processor has acknowledged. The idle writer does the same. Returns how many rows it removed; 0: none left.
    virtual Task<StoreResult<std::size_t>> sweep() = 0;

    // Writes a snapshot of the store to a new file (mode 0600, synced) on a separate thread, while reads and writes
    // continue. Errors: unavailable; then the new file does not exist.
    virtual Task<StoreResult<void>> backup(std::filesystem::path to) = 0;
};

// Creates the file if needed; its folder must exist. `clock` and `partition_versions` must outlive the store. Throws
// StoreOpenError.
std::unique_ptr<SqliteStore> create_sqlite_store(const std::filesystem::path& path, Clock& clock,
                                                 PartitionVersions& partition_versions,
                                                 const SqliteOptions& options = {});

// Verifies the whole file of a store that no process has open, for example a backup, and returns how many items it
// holds. Throws StoreOpenError when it is damaged.
std::int64_t check_sqlite_file(const std::filesystem::path& path);

} // namespace estante

// Implements the Analytics port with DuckDB in this process, over the shop's folder of the lake.
//
// Closed days are read from Parquet. The purchases of open days are cached in a table in memory. Each report first
// updates it: it lists those days and reads the objects with unknown ETags. So a sale of a second ago costs a listing
// and one object. A damaged Parquet file is logged and its day read from the JSON; a damaged JSON object is logged and
// skipped.
//
// Reports run on their own threads at the lowest priority, one at a time for each shop. The first report opens DuckDB.
// A report is interrupted at its deadline.
#pragma once

#include "ports/analytics.hpp"
#include "ports/object_store.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace estante {

struct DuckDBOptions {
    std::filesystem::path folder{};  // the lake's objects if they are local files; empty: they are fetched
    std::filesystem::path scratch{}; // a folder for its exclusive use: spill files and fetched Parquet files
    std::uint64_t max_fetched_bytes = 4ULL << 30U; // of fetched Parquet files that are cached
    long memory_mb = 512;                          // of DuckDB
    long threads = 2;                              // of DuckDB, for one report
    unsigned max_concurrent = 2;                   // reports that run at the same time
    std::size_t max_queued = 16;                   // reports that wait; further ones are `unavailable`
    std::chrono::milliseconds timeout{30'000};     // of a report, including its time in the queue
    std::function<void(const std::string& line)> report = [](const std::string&) {}; // receives log lines; any thread
};

// The lake must outlive it.
std::unique_ptr<Analytics> create_duckdb_analytics(ObjectStore& lake, DuckDBOptions options);

} // namespace estante

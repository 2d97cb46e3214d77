// The questions about a shop's purchases on DuckDB, in this process, over the shop's folder of the lake.
//
// Closed days are read from their Parquet. The purchases of other days are kept in a table in memory that each question
// first brings up to date by listing those days and reading the objects whose ETag it does not know: a listing and
// what is new, which is what makes the sale of a second ago cheap to see. A Parquet that is damaged is named in the
// report and its day read from the JSON; a damaged JSON object is named and left out.
//
// Questions run on threads of their own, at the lowest priority; one shop's come one after the other. DuckDB is opened
// by the first question. A question that is late is stopped.
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
    std::filesystem::path folder{};  // of the lake's objects if they are files here; empty: they are fetched
    std::filesystem::path scratch{}; // a folder of its own: what does not fit into memory, and Parquet that was fetched
    std::uint64_t fetched_bytes = 4ULL << 30U; // of fetched Parquet that is kept
    long memory_mb = 512;                      // of DuckDB
    long threads = 2;                          // of DuckDB, on one question
    unsigned at_once = 2;                      // questions that run
    std::size_t waiting = 16;                  // questions that wait; more are `unavailable`
    std::chrono::milliseconds within{30'000};  // of one question, its waiting included
    std::function<void(const std::string& line)> report = [](const std::string&) {}; // what is damaged; any thread
};

// The lake outlives it.
std::unique_ptr<Analytics> create_duckdb_analytics(ObjectStore& lake, DuckDBOptions options);

} // namespace estante

// Helpers of the classes that write Parquet files with a temporary database.
#pragma once

#include "adapters/duckdb/database.hpp"
#include "adapters/duckdb/duckdb_tables.hpp"
#include "domain/result.hpp"

#include <exception>
#include <filesystem>

namespace estante::duck {

// A temporary in-memory database that spills to the scratch folder.
inline Database database_in(const DuckDBTablesOptions& options)
{
    std::filesystem::create_directories(options.scratch);
    return Database({.memory_mb = options.memory_mb, .threads = 1, .scratch = options.scratch / "spill"});
}

// Runs `work`. An exception becomes an error with its cause in English, which callers log.
template <class T, class Work> Result<T> catching_errors(Work work)
{
    try {
        return work();
    } catch (const std::exception& error) {
        return failure(Errc::unavailable, "El archivo Parquet no se ha podido crear.", error.what());
    }
}

} // namespace estante::duck

// Writes Parquet files with DuckDB: the files of the lake, and the lists that a request exports. Each call opens a
// temporary in-memory database on the object's own thread.
#pragma once

#include "ports/lake_tables.hpp"
#include "ports/object_store.hpp"
#include "ports/table_export.hpp"

#include <filesystem>
#include <memory>

namespace estante {

struct DuckDBTablesOptions {
    std::filesystem::path scratch{}; // a folder for its exclusive use
    long memory_mb = 256;            // limit of a call
};

// The lake must outlive it. Calls run one at a time.
std::unique_ptr<LakeTables> create_duckdb_lake_tables(ObjectStore& lake, DuckDBTablesOptions options);
std::unique_ptr<TableExport> create_duckdb_table_export(DuckDBTablesOptions options);

} // namespace estante

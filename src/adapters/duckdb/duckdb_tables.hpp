// Parquet made by DuckDB: the lake's files, and lists that a request exports. Each call opens a database of its own in
// memory, in which nothing stays, on a thread of this.
#pragma once

#include "ports/lake_tables.hpp"
#include "ports/object_store.hpp"
#include "ports/table_export.hpp"

#include <filesystem>
#include <memory>

namespace estante {

struct DuckDBTablesOptions {
    std::filesystem::path scratch{}; // a folder of its own
    long memory_mb = 256;            // of one call
};

// The lake outlives it. Calls are done one after the other.
std::unique_ptr<LakeTables> create_duckdb_lake_tables(ObjectStore& lake, DuckDBTablesOptions options);
std::unique_ptr<TableExport> create_duckdb_table_export(DuckDBTablesOptions options);

} // namespace estante

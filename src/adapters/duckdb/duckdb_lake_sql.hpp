// SQL about one shop on DuckDB: each statement has a database of its own in memory, in which the shop's views are made
// before it is locked. Then DuckDB opens no file but the shop's Parquet that the views read, loads no extension and
// changes no setting, and only a single SELECT is let through, so that these files are not written either.
// Source: https://duckdb.org/docs/1.4/operations_manual/securing_duckdb/overview
#pragma once

#include "adapters/duckdb/duckdb_analytics.hpp"
#include "ports/lake_sql.hpp"

#include <memory>

namespace estante {

// The lake outlives it. `options.scratch` is a folder of its own, emptied by each statement.
std::unique_ptr<LakeSql> create_duckdb_lake_sql(ObjectStore& lake, DuckDBOptions options);

} // namespace estante

// SQL queries on the data of one shop. Each statement runs in its own in-memory database, where the shop's views are
// created before the configuration is locked. Then DuckDB can only open the shop's Parquet files, and can neither load
// extensions nor change settings. Only a single SELECT is accepted, so that these files cannot be written either.
// Source: https://duckdb.org/docs/1.4/operations_manual/securing_duckdb/overview
#pragma once

#include "adapters/duckdb/duckdb_analytics.hpp"
#include "ports/lake_sql.hpp"

#include <memory>

namespace estante {

// The lake must outlive it. `options.scratch` is a folder for its exclusive use; each statement empties it.
std::unique_ptr<LakeSql> create_duckdb_lake_sql(ObjectStore& lake, DuckDBOptions options);

} // namespace estante

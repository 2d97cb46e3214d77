// Opens what reads and writes tables of the lake: reports, SQL, exports and Parquet files.
#pragma once

#include "hosts/settings.hpp"
#include "hosts/shared_aws.hpp"
#include "ports/analytics.hpp"
#include "ports/lake_sql.hpp"
#include "ports/lake_tables.hpp"
#include "ports/object_store.hpp"
#include "ports/random.hpp"
#include "ports/table_export.hpp"

#include <filesystem>
#include <memory>

namespace estante {

// The engine of reports, by the setting `reports`: DuckDB in this process, or Athena. `scratch` is a folder for
// temporary files, here and below. All parameters outlive the results. Throws std::runtime_error with one line for
// wrong settings.
std::unique_ptr<Analytics> open_analytics(const Settings& settings, ObjectStore& lake, SharedAws& aws, Random& random,
                                          const std::filesystem::path& scratch);
std::unique_ptr<LakeSql> open_lake_sql(const Settings& settings, ObjectStore& lake,
                                       const std::filesystem::path& scratch);
std::unique_ptr<TableExport> open_table_export(const std::filesystem::path& scratch);
std::unique_ptr<LakeTables> open_lake_tables(ObjectStore& lake, const std::filesystem::path& scratch);

} // namespace estante

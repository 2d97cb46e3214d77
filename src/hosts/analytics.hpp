// The engines of business figures over the lake, by the setting reports: DuckDB in this process, or Athena.
#pragma once

#include "hosts/settings.hpp"
#include "ports/analytics.hpp"
#include "ports/clock.hpp"
#include "ports/lake_sql.hpp"
#include "ports/lake_tables.hpp"
#include "ports/object_store.hpp"
#include "ports/random.hpp"
#include "ports/table_export.hpp"

#include <filesystem>
#include <memory>

namespace estante {

// `scratch` is a folder of its own in the data folder. What they are given outlives them. Throws std::runtime_error
// with one line for settings that do not fit.
std::shared_ptr<Analytics> open_analytics(const Settings& settings, ObjectStore& lake, Clock& clock, Random& random,
                                          const std::filesystem::path& scratch);
std::unique_ptr<LakeSql> open_lake_sql(const Settings& settings, ObjectStore& lake,
                                       const std::filesystem::path& scratch);
std::unique_ptr<TableExport> open_table_export(const std::filesystem::path& scratch);
std::unique_ptr<LakeTables> open_lake_tables(ObjectStore& lake, const std::filesystem::path& scratch);

} // namespace estante

#include "hosts/open_analytics.hpp"

#include "adapters/duckdb/duckdb_analytics.hpp"
#include "adapters/duckdb/duckdb_lake_sql.hpp"
#include "adapters/duckdb/duckdb_tables.hpp"
#include "hosts/open_athena_reports.hpp"
#include "hosts/open_lake.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <stdexcept>

namespace estante {

std::unique_ptr<Analytics> open_analytics(const Settings& settings, ObjectStore& lake, SharedAws& aws, Random& random,
                                          const std::filesystem::path& scratch)
{
    const auto& [engine, source] = settings.entry("reports");
    if (engine == "athena")
        return open_athena_reports(settings, lake, aws, random);
    if (engine != "duckdb")
        throw std::runtime_error(fmt::format("reports ({}) must be duckdb or athena, is '{}'", source, engine));
    return create_duckdb_analytics(lake,
                                   {.folder = LakeAddress::from(settings).folder, // empty for a lake in S3
                                    .scratch = scratch / "reports",
                                    .memory_mb = settings.whole("analytics-memory-mb"),
                                    .threads = settings.whole("analytics-threads"),
                                    .report = [](const std::string& line) { spdlog::warn("reports: {}", line); }});
}

std::unique_ptr<LakeSql> open_lake_sql(const Settings& settings, ObjectStore& lake,
                                       const std::filesystem::path& scratch)
{
    return create_duckdb_lake_sql(lake,
                                  {.folder = LakeAddress::from(settings).folder, // empty for a lake in S3
                                   .scratch = scratch / "sql",
                                   .memory_mb = settings.whole("analytics-memory-mb"),
                                   .threads = settings.whole("analytics-threads"),
                                   .report = [](const std::string& line) { spdlog::warn("analytics sql: {}", line); }});
}

std::unique_ptr<TableExport> open_table_export(const std::filesystem::path& scratch)
{
    return create_duckdb_table_export({.scratch = scratch / "exports"});
}

std::unique_ptr<LakeTables> open_lake_tables(ObjectStore& lake, const std::filesystem::path& scratch)
{
    return create_duckdb_lake_tables(lake, {.scratch = scratch / "tables"});
}

} // namespace estante

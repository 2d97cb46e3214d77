// Rolls up the sales by book of a month's closed days into one file, so that a report on a year reads a dozen files.
#pragma once

#include "domain/result.hpp"
#include "ports/lake_tables.hpp"
#include "ports/object_store.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace estante {

enum class RollupResult {
    summed,  // by this call
    nothing, // no day is closed, the month has its rollup, or another attempt holds the lease
    changed, // a day was closed or reopened meanwhile
};

// `by` is unique to the attempt and sorts after the names of earlier attempts, whose files are removed when the rollup
// is committed. `scratch` is a folder for a temporary file. After any failure readers use the month's days as before.
// Errors: unavailable.
Task<Result<RollupResult>> roll_up_month(ObjectStore& lake, LakeTables& tables, TenantId tenant, Month month,
                                         std::string by, std::int64_t now_ms, std::filesystem::path scratch);

// The months whose days may all be closed, with closed days and without a rollup; oldest first.
Task<Result<std::vector<Month>>> months_to_roll_up(ObjectStore& lake, TenantId tenant, std::int64_t now_ms);

} // namespace estante

// Sums a month's closed days of a shop's lake by book, so that bestsellers of a year are read from a dozen files.
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
    summed,  // now
    nothing, // no day is closed, the month is summed already, or another is at it
    changed, // a day was closed or reopened meanwhile
};

// `by` names this attempt and no other, and comes after the names of earlier ones: files of these are removed once the
// month has its sums. `scratch` is a folder for the file. Whatever fails, readers take the month's days one by one as
// before. Errors: unavailable.
Task<Result<RollupResult>> roll_up_month(ObjectStore& lake, LakeTables& tables, TenantId tenant, Month month,
                                         std::string by, std::int64_t now_ms, std::filesystem::path scratch);

// The months that are over by the grace of close_day, have closed days and no sums of them; oldest first.
Task<Result<std::vector<Month>>> months_to_sum(ObjectStore& lake, TenantId tenant, std::int64_t now_ms);

} // namespace estante

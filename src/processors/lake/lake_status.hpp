// The closed and open days of a tenant's lake, and what is missing or damaged.
#pragma once

#include "domain/calendar.hpp"
#include "domain/result.hpp"
#include "ports/lake_tables.hpp"
#include "ports/object_store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace estante {

struct OpenDay {
    Day day{};
    std::uint64_t purchases = 0; // objects
    std::uint64_t bytes = 0;
    bool due = false;                     // close_day may close it
    std::vector<DamagedObject> damaged{}; // of a due day: they prevent it from being closed
};

struct LakeStatus {
    std::size_t closed_days = 0;
    std::optional<Day> last_closed{};
    std::size_t rolled_up_months = 0;
    std::vector<OpenDay> open{};        // oldest first
    std::vector<std::string> missing{}; // Parquet files of closed days
    std::optional<std::int64_t> books_exported_ms{};
};

// Lists all objects of open days and reads those of due days. Errors: unavailable.
Task<Result<LakeStatus>> read_lake_status(ObjectStore& lake, LakeTables& tables, TenantId tenant, std::int64_t now_ms);

} // namespace estante

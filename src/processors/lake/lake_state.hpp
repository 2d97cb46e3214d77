// What of a shop's lake is closed, and what is not yet.
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
    std::uint64_t purchases = 0; // that are in no Parquet yet
    std::uint64_t bytes = 0;
    bool due = false;                     // it is over by the grace of close_day
    std::vector<DamagedObject> damaged{}; // of a due day: they keep it from being closed
};

struct LakeState {
    std::size_t closed_days = 0;
    std::optional<Day> last_closed{};
    std::size_t summed_months = 0;
    std::vector<OpenDay> open{};        // oldest first
    std::vector<std::string> missing{}; // Parquet of closed days that is not there
    std::optional<std::int64_t> books_exported_ms{};
};

// Lists every object of the open days, and reads those of days that are due. Errors: unavailable.
Task<Result<LakeState>> lake_state(ObjectStore& lake, LakeTables& tables, TenantId tenant, std::int64_t now_ms);

} // namespace estante

// Closes a day of a shop's lake: its purchases become one Parquet, and what was sold of each book another, from which
// reports read them from then on.
#pragma once

#include "domain/result.hpp"
#include "ports/clock.hpp"
#include "ports/lake_tables.hpp"
#include "ports/object_store.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace estante {

// A day may be closed this long after its end: by then the stream has passed its last purchase.
inline constexpr std::chrono::hours allowed_lateness{6};

// The last day that is over by the grace.
Day last_due_day(std::int64_t now_ms);

enum class CloseResult {
    closed,  // now
    nothing, // it has no purchases, or is closed already
    busy,    // another is closing it
    changed, // a purchase was written meanwhile, or it took too long: it stays open
};

// `by` names this attempt and no other; `scratch` is a folder for the files. Whatever fails, the day stays open and
// readers see its JSON as before. An attempt that took longer than its lease puts nothing: another may have closed the
// day meanwhile. Errors: unavailable (the lake, a full disk, a damaged object of the day, which is named).
Task<Result<CloseResult>> close_day(ObjectStore& lake, LakeTables& tables, TenantId tenant, Day day, std::string by,
                                    Clock& clock, std::filesystem::path scratch);

// The open days that have purchases and are over by the grace, oldest first; at most `limit`, those after `after`.
Task<Result<std::vector<Day>>> days_to_close(ObjectStore& lake, TenantId tenant, std::int64_t now_ms, std::size_t limit,
                                             std::optional<Day> after = std::nullopt);

} // namespace estante

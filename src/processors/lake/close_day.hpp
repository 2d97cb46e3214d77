// Closes a day of a tenant's lake: writes its purchases to one Parquet file and the sales by book to another. Reports
// read these files from then on.
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

// A day may be closed this long after its end. By then the stream has delivered its last purchase.
inline constexpr std::chrono::hours allowed_lateness{6};

// The last day that may be closed.
Day last_due_day(std::int64_t now_ms);

enum class CloseResult {
    closed,  // by this call
    nothing, // the day has no purchases, or is closed already
    busy,    // another attempt holds the lease
    changed, // a purchase was written meanwhile, or the lease expired: the day stays open
};

// `by` is unique to the attempt; `scratch` is a folder for temporary files. After any failure the day stays open and
// readers use its objects as before. An attempt whose lease has expired puts no file, since another may have closed the
// day. Errors: unavailable (the lake, a full disk, a damaged object of the day, which the error names).
Task<Result<CloseResult>> close_day(ObjectStore& lake, LakeTables& tables, TenantId tenant, Day day, std::string by,
                                    Clock& clock, std::filesystem::path scratch);

// The open days with purchases that may be closed, oldest first; at most `limit`, all later than `after`.
Task<Result<std::vector<Day>>> days_to_close(ObjectStore& lake, TenantId tenant, std::int64_t now_ms, std::size_t limit,
                                             std::optional<Day> after = std::nullopt);

} // namespace estante

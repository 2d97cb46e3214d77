// Which days of a tenant's lake are closed, that is, read from one Parquet file. The list is one object,
// {tenant}/closed_days.json (codec/lake_layout.hpp), and every write of it is conditional on its ETag.
//
// Who writes an object of a day calls reopen_day before, so that readers use the objects, and again after, because the
// day may have been closed in between without the new object. A day is closed in three steps: acquire_day_lease, write
// the Parquet, commit_closed_day. The commit fails if reopen_day was called in between.
//
// A monthly rollup has what was sold of each book on the month's closed days, so that a report on a year reads a dozen
// files. It is made in the same three steps. When a day of the month is closed or reopened, the same write of the list
// drops the month's rollup, so a rollup always matches exactly the closed days. Each attempt writes a file of its own
// name: a slow attempt never replaces a later file, and a reader with an older list never reads a newer rollup.
//
// Safe from any thread and process. Errors: ObjectError::unavailable, also for a damaged list.
#pragma once

#include "codec/lake_layout.hpp"
#include "ports/object_store.hpp"

#include <chrono>
#include <cstdint>
#include <set>
#include <string>

namespace estante {

// A holder that dies blocks the day or month for this long.
inline constexpr std::chrono::milliseconds lake_lease_duration = std::chrono::hours(1);

Task<Result<lake_layout::ClosedDays, ObjectError>> closed_days(ObjectStore& lake, TenantId tenant);

// From then on readers take the day's purchases from their objects. True if the day was closed or leased.
Task<Result<bool, ObjectError>> reopen_day(ObjectStore& lake, TenantId tenant, Day day);

// `by` is unique to the attempt. False: the day is closed, or another attempt holds its lease.
Task<Result<bool, ObjectError>> acquire_day_lease(ObjectStore& lake, TenantId tenant, Day day, std::string by,
                                                  std::int64_t now_ms);
// Whether commit_closed_day would succeed now.
Task<Result<bool, ObjectError>> holds_day_lease(ObjectStore& lake, TenantId tenant, Day day, std::string by,
                                                std::int64_t now_ms);
// The Parquet exists; from then on readers use it. False: the day was reopened meanwhile or the lease expired, and the
// day stays open.
Task<Result<bool, ObjectError>> commit_closed_day(ObjectStore& lake, TenantId tenant, Day day, std::string by,
                                                  std::int64_t now_ms);
Task<Result<void, ObjectError>> release_day_lease(ObjectStore& lake, TenantId tenant, Day day, std::string by);

// The month's closed days, whose rollup the caller now writes to the file `by`. Empty: the month has no closed days,
// has its rollup, or another attempt holds the lease.
Task<Result<std::set<Day>, ObjectError>> acquire_month_lease(ObjectStore& lake, TenantId tenant, Month month,
                                                             std::string by, std::int64_t now_ms);
// The file exists; from then on readers use it. False: a day was closed or reopened meanwhile, or the lease expired.
Task<Result<bool, ObjectError>> commit_month_rollup(ObjectStore& lake, TenantId tenant, Month month, std::string by,
                                                    std::int64_t now_ms);
Task<Result<void, ObjectError>> release_month_lease(ObjectStore& lake, TenantId tenant, Month month, std::string by);

} // namespace estante

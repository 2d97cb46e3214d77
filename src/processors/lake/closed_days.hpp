// Which days of a shop's lake are closed: whole in one Parquet, from which reports read them. The list is one object,
// {tenant}/closed_days.json (codec/lake_layout.hpp), that is only ever replaced on the condition that nobody else has.
//
// Whoever writes an object of a day calls reopen_day before it, so that readers go to the JSON first, and once more
// after it, because the day may have been closed in between without the object. A day is closed in three steps:
// begin_closing, the Parquet, finish_closing; the last leaves the day open if reopen_day was called meanwhile.
// What was sold of each book on a month's closed days is kept once more for the month, so that a year is a dozen files.
// It is made in the same three steps. Whenever a day of the month is closed or reopened, the same write of the list
// takes the month's sums out of it, so they are always those of exactly the closed days. Each attempt writes a file of
// its own name: one that was slow never replaces a later one, and a reader with an older list never gets newer sums.
// Any thread, any process. Errors: ObjectError::unavailable, also for a list that is damaged.
#pragma once

#include "codec/lake_layout.hpp"
#include "ports/object_store.hpp"

#include <chrono>
#include <cstdint>
#include <set>
#include <string>

namespace estante {

// While it is held nobody else makes the day's Parquet; a closer that has died holds it no longer than this.
inline constexpr std::chrono::milliseconds closing_lease = std::chrono::hours(1);

Task<Result<lake_layout::ClosedDays, ObjectError>> closed_days(ObjectStore& lake, TenantId tenant);

// From then on readers take the day's purchases from their own objects. True: the day was closed or being closed.
Task<Result<bool, ObjectError>> reopen_day(ObjectStore& lake, TenantId tenant, Day day);

// False: the day is closed, or another is closing it. `by` names this attempt and no other.
Task<Result<bool, ObjectError>> begin_closing(ObjectStore& lake, TenantId tenant, Day day, std::string by,
                                              std::int64_t now_ms);
// The Parquet is there: readers are sent to it. False: something was written meanwhile or the lease ran out; the day
// stays open.
Task<Result<bool, ObjectError>> finish_closing(ObjectStore& lake, TenantId tenant, Day day, std::string by,
                                               std::int64_t now_ms);
// The Parquet could not be made: another may try.
// Whether finish_closing would still close the day.
Task<Result<bool, ObjectError>> closing_holds(ObjectStore& lake, TenantId tenant, Day day, std::string by,
                                              std::int64_t now_ms);
Task<Result<void, ObjectError>> give_up_closing(ObjectStore& lake, TenantId tenant, Day day, std::string by);

// The month's closed days, of which the caller now makes the file `by`. None: it has none, they are summed, or another
// is at it.
Task<Result<std::set<Day>, ObjectError>> begin_summing(ObjectStore& lake, TenantId tenant, Month month, std::string by,
                                                       std::int64_t now_ms);
// The file is there: readers are sent to it. False: a day was closed or reopened meanwhile, or the lease ran out.
Task<Result<bool, ObjectError>> finish_summing(ObjectStore& lake, TenantId tenant, Month month, std::string by,
                                               std::int64_t now_ms);
Task<Result<void, ObjectError>> give_up_summing(ObjectStore& lake, TenantId tenant, Month month, std::string by);

} // namespace estante

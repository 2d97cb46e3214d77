// Writes the Parquet files of the data lake.
#pragma once

#include "domain/calendar.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "runtime/task.hpp"

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace estante {

// A row of {tenant}/books/books.parquet.
struct LakeBook {
    std::string book_id{};
    std::string title{};
    std::string author{}; // the first
    std::vector<std::string> authors{};
    std::string category{};
    std::string isbn{};             // may be empty
    std::string price{};            // "29.99"; may be empty
    std::string publication_year{}; // may be empty
};

// The files of one day.
struct DayFiles {
    std::filesystem::path purchases{};
    std::filesystem::path books{}; // sales by book
};

struct DamagedObject {
    std::string key{};
    std::string why{}; // English, for a log line
};

class LakeTables {
public:
    virtual ~LakeTables() = default;

    // Writes the purchases of a day, from their current objects and ordered by time, and the sales by book. Creates or
    // replaces the files, and returns the number of purchases. If an object is damaged, writes no file.
    // Errors: unavailable, with the object or cause in English. Any thread; the work runs off the event loops.
    virtual Task<Result<std::uint64_t>> write_day(TenantId tenant, Day day, DayFiles files) = 0;
    // The objects of a day that write_day would reject. Reads all of them.
    virtual Task<Result<std::vector<DamagedObject>>> damaged(TenantId tenant, Day day) = 0;
    // Writes the sales by book of several closed days. A closed day without a file of sales by book is summed from its
    // purchases.
    virtual Task<Result<void>> write_month(TenantId tenant, std::set<Day> days, std::filesystem::path file) = 0;
    virtual Task<Result<void>> write_books(std::vector<LakeBook> books, std::filesystem::path file) = 0;
};

} // namespace estante

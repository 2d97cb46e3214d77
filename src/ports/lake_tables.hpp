// Makes the lake's Parquet files of what the lake and the store hold.
#pragma once

#include "domain/ids.hpp"
#include "domain/period.hpp"
#include "domain/result.hpp"
#include "runtime/task.hpp"

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace estante {

// A book as it stands in {tenant}/books/books.parquet.
struct LakeBook {
    std::string book_id{};
    std::string title{};
    std::string author{}; // the first
    std::vector<std::string> authors{};
    std::string category{};
    std::string isbn{};             // "": none
    std::string price{};            // "29.99"; "": none
    std::string publication_year{}; // "": unknown
};

// Where a day's files are made.
struct DayFiles {
    std::filesystem::path purchases{};
    std::filesystem::path books{}; // what was sold of each book
};

struct DamagedObject {
    std::string key{};
    std::string why{}; // English
};

class LakeTables {
public:
    virtual ~LakeTables() = default;

    // Writes the purchases of a day, as their objects are now and ordered by time, and the sums by book to the files,
    // which are made or replaced; answers how many purchases. With a damaged object among them it makes no file.
    // Errors: unavailable, with the object or cause in English. Any thread; the work runs off the event loops.
    virtual Task<Result<std::uint64_t>> write_day(TenantId tenant, Day day, DayFiles files) = 0;
    // The objects of a day that write_day would stop at; every one is read.
    virtual Task<Result<std::vector<DamagedObject>>> damaged(TenantId tenant, Day day) = 0;
    // Writes the sums by book of closed days together. A closed day without sums is summed from its Parquet.
    virtual Task<Result<void>> write_month(TenantId tenant, std::set<Day> days, std::filesystem::path file) = 0;
    virtual Task<Result<void>> write_books(std::vector<LakeBook> books, std::filesystem::path file) = 0;
};

} // namespace estante

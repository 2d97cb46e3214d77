// The files that closed days of the lake consist of, made of a table of a day's purchases, and the sums of a month.
#pragma once

#include "adapters/duckdb/database.hpp"
#include "ports/lake_tables.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace estante::duck {

// Makes the empty table `day`, a row a purchase, in place of the one before.
void make_day(Connection& connection);

// Writes `day` as purchases, by time, and what was sold of each book: (book_id, title, copies, revenue, sold_at,
// purchase_id), the last two and the title of its last sale; without what was cancelled or refunded.
void write_day_files(Connection& connection, const DayFiles& files);

// Days' purchases and days' sums, given as files, as sums by book of all these days.
void write_month_file(Connection& connection, const std::vector<std::string>& purchases,
                      const std::vector<std::string>& sums, const std::filesystem::path& file);

// `query` as a Parquet.
void copy_to(Connection& connection, std::string_view query, const std::filesystem::path& file);

} // namespace estante::duck

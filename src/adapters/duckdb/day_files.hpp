// The files that a closed day of the lake consists of, made of a table of its purchases.
#pragma once

#include "adapters/duckdb/database.hpp"
#include "ports/lake_tables.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace estante::duck {

// Makes the empty table `day`, a row a purchase, in place of the one before.
void make_day(Connection& connection);

// Writes `day` as purchases, by time, and what was sold of each book: (book_id, title, copies, revenue, sold_at,
// purchase_id), the last two and the title of its last sale; without what was cancelled or refunded.
void write_day_files(Connection& connection, const DayFiles& files);

// `query` as a Parquet.
void copy_to(Connection& connection, std::string_view query, const std::filesystem::path& file);

} // namespace estante::duck

// Writes the Parquet files of closed days, from a table with the purchases of a day, and the rollup of a month.
#pragma once

#include "adapters/duckdb/database.hpp"
#include "ports/lake_tables.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace estante::duck {

// Creates the empty table `day` with one row per purchase, replacing an existing one.
void create_day_table(Connection& connection);

// Writes the purchases of `day` by time, and the sales by book (book_id, title, copies, revenue, sold_at, purchase_id)
// without cancelled and refunded purchases. Title, sold_at and purchase_id are those of the last sale.
void write_day_files(Connection& connection, const DayFiles& files);

// Writes the sales by book of several days, given as files of purchases and files of sales by book.
void write_month_file(Connection& connection, const std::vector<std::string>& purchases,
                      const std::vector<std::string>& sums, const std::filesystem::path& file);

// Writes the result of `query` as a Parquet file.
void copy_to(Connection& connection, std::string_view query, const std::filesystem::path& file);

} // namespace estante::duck

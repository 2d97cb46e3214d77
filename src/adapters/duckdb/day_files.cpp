#include "adapters/duckdb/day_files.hpp"

#include "adapters/duckdb/purchase_documents.hpp"
#include "adapters/duckdb/report_queries.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace estante::duck {

namespace {

// Sums `lines` by book; both have the columns of the sales by book.
std::string sum_by_book(std::string_view lines)
{
    return fmt::format("SELECT book_id, arg_max(title, row(sold_at, purchase_id)) AS title,"
                       " CAST(sum(copies) AS BIGINT) AS copies, CAST(sum(revenue) AS DECIMAL(18,2)) AS revenue,"
                       " max(sold_at) AS sold_at, arg_max(purchase_id, row(sold_at, purchase_id)) AS purchase_id"
                       " FROM ({}) GROUP BY book_id ORDER BY book_id",
                       lines);
}

} // namespace

void create_day_table(Connection& connection)
{
    connection.run(fmt::format("CREATE OR REPLACE TABLE day AS SELECT d.* FROM (SELECT unnest({}) AS d)",
                               purchases_from_json("'[]'")));
}

void write_day_files(Connection& connection, const DayFiles& files)
{
    copy_to(connection, "SELECT * FROM day ORDER BY created_at, purchase_id", files.purchases);
    copy_to(connection, sum_by_book(sold_lines(fmt::format("SELECT * FROM day WHERE {}", counts_as_sale))),
            files.books);
}

void write_month_file(Connection& connection, const std::vector<std::string>& purchases,
                      const std::vector<std::string>& sums, const std::filesystem::path& file)
{
    std::vector<std::string> parts;
    if (!purchases.empty())
        parts.push_back(
            sold_lines(fmt::format("SELECT * FROM read_parquet({}) WHERE {}", sql_list(purchases), counts_as_sale)));
    if (!sums.empty())
        parts.push_back(fmt::format(
            "SELECT book_id, title, copies, revenue, sold_at, purchase_id FROM read_parquet({})", sql_list(sums)));
    copy_to(connection, sum_by_book(fmt::format("{}", fmt::join(parts, " UNION ALL "))), file);
}

void copy_to(Connection& connection, std::string_view query, const std::filesystem::path& file)
{
    connection.run(fmt::format("COPY ({}) TO {} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)", query,
                               sql_text(file.string())));
}

} // namespace estante::duck

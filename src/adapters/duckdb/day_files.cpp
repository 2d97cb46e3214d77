#include "adapters/duckdb/day_files.hpp"

#include "adapters/duckdb/purchase_documents.hpp"
#include "adapters/duckdb/questions.hpp"

#include <fmt/format.h>

namespace estante::duck {

void make_day(Connection& connection)
{
    connection.run(fmt::format("CREATE OR REPLACE TABLE day AS SELECT d.* FROM (SELECT unnest({}) AS d)",
                               purchases_from_json("'[]'")));
}

void write_day_files(Connection& connection, const DayFiles& files)
{
    copy_to(connection, "SELECT * FROM day ORDER BY created_at, purchase_id", files.purchases);
    copy_to(connection,
            fmt::format("SELECT book_id, arg_max(title, row(sold_at, purchase_id)) AS title,"
                        " CAST(sum(copies) AS BIGINT) AS copies, CAST(sum(revenue) AS DECIMAL(18,2)) AS revenue,"
                        " max(sold_at) AS sold_at, arg_max(purchase_id, row(sold_at, purchase_id)) AS purchase_id"
                        " FROM ({}) GROUP BY book_id ORDER BY book_id",
                        sold_lines(fmt::format("SELECT * FROM day WHERE {}", counts_as_sale))),
            files.books);
}

void copy_to(Connection& connection, std::string_view query, const std::filesystem::path& file)
{
    connection.run(fmt::format("COPY ({}) TO {} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)", query,
                               sql_text(file.string())));
}

} // namespace estante::duck

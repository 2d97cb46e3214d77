#include "adapters/duckdb/database.hpp"
#include "adapters/duckdb/day_files.hpp"
#include "adapters/duckdb/duckdb_tables.hpp"
#include "adapters/duckdb/parquet_writing.hpp"
#include "domain/money.hpp"
#include "runtime/offload.hpp"

#include <boost/asio/thread_pool.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace estante {

namespace duck {

namespace {

namespace fs = std::filesystem;

std::string to_text(const ExportedTable::Cell& cell, ExportedTable::Kind kind)
{
    const auto* text = std::get_if<std::string>(&cell);
    if (text)
        return *text;
    const auto number = std::get<std::int64_t>(cell);
    return kind == ExportedTable::Kind::amount ? to_string(Money{number}) : std::to_string(number);
}

std::string_view cast(ExportedTable::Kind kind)
{
    switch (kind) {
    case ExportedTable::Kind::text:
        return "{}";
    case ExportedTable::Kind::integer:
        return "CAST({} AS BIGINT)";
    case ExportedTable::Kind::amount:
        return "CAST({} AS DECIMAL(18,2))";
    case ExportedTable::Kind::timestamp:
        return "make_timestamp(CAST({} AS BIGINT) * 1000)";
    }
    return "{}";
}

class OnDuckDBExport final : public TableExport {
public:
    explicit OnDuckDBExport(DuckDBTablesOptions options) : options_(std::move(options)), pool_(1) {}
    OnDuckDBExport(const OnDuckDBExport&) = delete;
    OnDuckDBExport& operator=(const OnDuckDBExport&) = delete;
    ~OnDuckDBExport() override { pool_.join(); }

    Task<Result<std::string>> parquet(ExportedTable table) override
    {
        co_return co_await offload<Result<std::string>>(pool_, [this, table = std::move(table)] {
            return catching_errors<std::string>([&] { return bytes_of(table); });
        });
    }

private:
    const DuckDBTablesOptions options_;
    boost::asio::thread_pool pool_;

    std::string bytes_of(const ExportedTable& table) const
    {
        const auto database = database_in(options_);
        Connection connection(database);
        std::vector<SqlParameter> values;
        std::vector<std::string> columns;
        std::vector<std::string> lists;
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const auto [name, kind] = table.columns[i];
            std::vector<std::string> cells;
            cells.reserve(table.rows.size());
            for (const auto& row : table.rows)
                cells.push_back(to_text(row.at(i), kind));
            values.emplace_back(std::move(cells));
            columns.push_back(
                fmt::format("{} AS \"{}\"", fmt::format(fmt::runtime(cast(kind)), fmt::format("c{}", i)), name));
            lists.push_back(fmt::format("unnest(${}::VARCHAR[]) AS c{}", i + 1, i));
        }
        connection.run(fmt::format("CREATE TABLE exported AS SELECT {} FROM (SELECT {})", fmt::join(columns, ", "),
                                   fmt::join(lists, ", ")),
                       values);
        const auto file = options_.scratch / "export.parquet"; // calls run one at a time
        copy_to(connection, "SELECT * FROM exported", file);
        std::ifstream in(file, std::ios::binary);
        std::string bytes{std::istreambuf_iterator<char>(in), {}};
        fs::remove(file);
        return bytes;
    }
};

} // namespace

} // namespace duck

std::unique_ptr<TableExport> create_duckdb_table_export(DuckDBTablesOptions options)
{
    return std::make_unique<duck::OnDuckDBExport>(std::move(options));
}

} // namespace estante

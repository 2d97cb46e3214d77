// DuckDB as C++ values: a database in memory, and statements that take values and return rows of whole numbers
// and text. A database and each connection are used from one thread at a time. What goes wrong is thrown as
// DuckDBError. Source: https://duckdb.org/docs/1.4/clients/c/api
#pragma once

#include <chrono>
#include <cstdint>
#include <duckdb.h>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace estante::duck {

class DuckDBError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};
// The statement took longer than it may, and was stopped.
class DuckDBTimeout : public DuckDBError {
    using DuckDBError::DuckDBError;
};

struct DatabaseOptions {
    long memory_mb = 512;
    long threads = 2;                // the caller's included
    std::filesystem::path scratch{}; // of what does not fit into the memory; empty: nothing is put aside
};

using SqlParameter = std::variant<std::int64_t, std::string, std::vector<std::string>>;
using Cell = std::variant<std::monostate, std::int64_t, std::string>; // nothing: NULL
using Row = std::vector<Cell>;
using TimePoint = std::chrono::steady_clock::time_point;

class Database {
public:
    explicit Database(const DatabaseOptions& options);

    duckdb_database handle() const { return handle_.get(); }

private:
    struct Close {
        void operator()(duckdb_database database) const { duckdb_close(&database); }
    };
    std::unique_ptr<_duckdb_database, Close> handle_;
};

class Connection {
public:
    explicit Connection(const Database& database);

    // One statement; `values` are $1, $2 … Columns are BIGINT or VARCHAR; others are a mistake of the program.
    std::vector<Row> rows(const std::string& sql, const std::vector<SqlParameter>& values = {},
                          std::optional<TimePoint> deadline = {});
    // The same without a result.
    void run(const std::string& sql, const std::vector<SqlParameter>& values = {},
             std::optional<TimePoint> deadline = {});
    // As rows(), with the columns' names.
    struct NamedRows {
        std::vector<std::string> names{};
        std::vector<Row> rows{};
    };
    NamedRows named_rows(const std::string& sql, std::optional<TimePoint> deadline);
    // Whether the text is one statement, and that only reads. Throws DuckDBError for what is no SQL.
    bool is_one_select(const std::string& sql);
    duckdb_connection handle() const { return handle_.get(); }

private:
    struct Disconnect {
        void operator()(duckdb_connection connection) const { duckdb_disconnect(&connection); }
    };
    std::unique_ptr<_duckdb_connection, Disconnect> handle_;
};

std::int64_t integer_at(const Row& row, std::size_t column); // NULL is 0
std::string text(const Row& row, std::size_t column);        // NULL is ""
// 'text' with its quotes doubled, where a statement takes no values (COPY … TO).
std::string sql_text(std::string_view text);
std::string sql_list(const std::vector<std::string>& texts); // ['a', 'b']

} // namespace estante::duck

// RAII wrappers of SQLite's C interface. A connection and its statements are used by one thread at a time.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace estante::sqlite {

// Any result code but OK, ROW and DONE. The connection may have rolled its transaction back.
class SqliteError : public std::runtime_error {
public:
    SqliteError(int code, const std::string& text) : std::runtime_error(text), code_(code) {}
    int code() const { return code_ & 0xFF; } // SQLITE_FULL, SQLITE_BUSY …

private:
    int code_;
};

class Connection {
public:
    enum class Access { read, write }; // write also creates the file

    // Waits up to `busy_timeout_ms` for the locks of other processes.
    Connection(const std::string& path, Access access, int busy_timeout_ms);

    void run(const char* sql); // one or more statements without parameters; their rows are ignored
    bool in_transaction() const { return sqlite3_get_autocommit(handle()) == 0; }
    sqlite3* handle() const { return handle_.get(); }

private:
    struct Close {
        void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
    };
    std::unique_ptr<sqlite3, Close> handle_;
};

// One execution of a statement, as a cursor over its rows. The destructor resets the statement.
class Rows {
public:
    explicit Rows(sqlite3_stmt* statement) : statement_(statement) {}
    ~Rows() { sqlite3_reset(statement_); }
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;

    bool next(); // false: no more rows
    // A text is valid until the next call of next().
    std::string_view text(int column) const;
    std::optional<std::string_view> optional_text(int column) const;
    std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
    std::optional<std::int64_t> optional_integer(int column) const;

private:
    sqlite3_stmt* statement_;
};

// A prepared statement. Every parameter is bound, in order. Bound texts are not copied, so they must outlive the
// execution.
class Statement {
public:
    Statement(Connection& connection, std::string_view sql);

    template <class... Parameters> Rows rows(const Parameters&... parameters)
    {
        int index = 0;
        (bind(++index, parameters), ...);
        return Rows(statement_.get());
    }
    template <class... Parameters> void run(const Parameters&... parameters)
    {
        auto execution = rows(parameters...);
        while (execution.next()) {
        }
    }

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;

    void bind(int index, std::string_view text);
    void bind(int index, const std::string& text) { bind(index, std::string_view(text)); }
    void bind(int index, std::int64_t value) { check(sqlite3_bind_int64(statement_.get(), index, value)); }
    void bind(int index, std::nullopt_t) { check(sqlite3_bind_null(statement_.get(), index)); }
    void check(int code) const;
    template <class T> void bind(int index, const std::optional<T>& value)
    {
        if (value)
            bind(index, *value);
        else
            bind(index, std::nullopt);
    }
};

} // namespace estante::sqlite

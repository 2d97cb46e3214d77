// SQLite's C interface as owning types. One thread at a time uses a connection and its statements.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace estante::sqlite {

// What SQLite answered besides ROW and DONE. Its connection may have left its transaction.
class Failure : public std::runtime_error {
public:
    Failure(int code, const std::string& text) : std::runtime_error(text), code_(code) {}
    int code() const { return code_ & 0xFF; } // SQLITE_FULL, SQLITE_BUSY …

private:
    int code_;
};

class Connection {
public:
    enum class Access { read, write }; // write also creates the file

    // `vfs` is a name, or nullptr for the platform's own. Waits up to `busy_timeout_ms` for locks of other processes.
    Connection(const std::string& path, Access access, const char* vfs, int busy_timeout_ms);

    void run(const char* sql); // one or more statements without parameters or answers
    bool in_transaction() const { return sqlite3_get_autocommit(handle()) == 0; }
    sqlite3* handle() const { return handle_.get(); }

private:
    struct Close {
        void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
    };
    std::unique_ptr<sqlite3, Close> handle_;
};

// One execution of a statement: reads its rows, and is over when it is destroyed.
class Rows {
public:
    explicit Rows(sqlite3_stmt* statement) : statement_(statement) {}
    ~Rows() { sqlite3_reset(statement_); }
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;

    bool next(); // false: no more
    // Texts stand until the next row.
    std::string_view text(int column) const;
    std::optional<std::string_view> optional_text(int column) const;
    std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
    std::optional<std::int64_t> optional_integer(int column) const;

private:
    sqlite3_stmt* statement_;
};

// Prepared once, executed often. Parameters are given in order and all of them; texts are not copied and outlive the
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

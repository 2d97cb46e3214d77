#include "adapters/sqlite/sqlite_connection.hpp"

#include <fmt/format.h>

namespace estante::sqlite {

namespace {

[[noreturn]] void fail(sqlite3* handle, int code)
{
    throw SqliteError(code,
                      fmt::format("SQLite: {} ({})", handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code), code));
}

} // namespace

Connection::Connection(const std::string& path, Access access, int busy_timeout_ms)
{
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                      (access == Access::write ? SQLITE_OPEN_CREATE : 0);
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
    handle_.reset(handle);
    if (code != SQLITE_OK)
        fail(handle, code);
    // Set first: the next statement may wait for a WAL recovery.
    if (const int refused = sqlite3_busy_timeout(handle, busy_timeout_ms); refused != SQLITE_OK)
        fail(handle, refused);
    if (access == Access::read)
        run("PRAGMA query_only = 1");
}

void Connection::run(const char* sql)
{
    if (const int code = sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr); code != SQLITE_OK)
        fail(handle(), code);
}

bool Rows::next()
{
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        fail(sqlite3_db_handle(statement_), code);
    return code == SQLITE_ROW;
}

std::string_view Rows::text(int column) const
{
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    if (!bytes && sqlite3_column_type(statement_, column) != SQLITE_NULL) // it must not be read as the empty text
        fail(sqlite3_db_handle(statement_), SQLITE_NOMEM);
    return {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::optional<std::string_view> Rows::optional_text(int column) const
{
    if (sqlite3_column_type(statement_, column) == SQLITE_NULL)
        return std::nullopt;
    return text(column);
}

std::optional<std::int64_t> Rows::optional_integer(int column) const
{
    if (sqlite3_column_type(statement_, column) == SQLITE_NULL)
        return std::nullopt;
    return integer(column);
}

Statement::Statement(Connection& connection, std::string_view sql)
{
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK)
        fail(connection.handle(), code);
    if (!statement)
        throw std::logic_error("an SQL statement is empty");
    statement_.reset(statement);
}

void Statement::bind(int index, std::string_view text)
{
    // A null pointer would bind NULL instead of an empty text.
    const char* bytes = text.data() ? text.data() : "";
    check(sqlite3_bind_text64(statement_.get(), index, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::check(int code) const
{
    if (code != SQLITE_OK)
        fail(sqlite3_db_handle(statement_.get()), code);
}

} // namespace estante::sqlite

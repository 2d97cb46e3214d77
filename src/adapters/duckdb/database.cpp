#include "adapters/duckdb/database.hpp"

#include "domain/seeded_fault.hpp"

#include <fmt/format.h>

#include <utility>

namespace estante::duck {

namespace {

template <class Handle, auto Destroy> class Owned {
public:
    Owned() = default;
    explicit Owned(Handle handle) : handle_(handle) {}
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    ~Owned() { Destroy(&handle_); }

    Handle get() const { return handle_; }
    Handle* address() { return &handle_; }

private:
    Handle handle_{};
};

// DuckDB returns a null pointer for what it cannot create, and crashes when it is passed one.
template <class Handle> Handle made(Handle handle, std::string_view what)
{
    if (!handle)
        throw DuckDBError(fmt::format("DuckDB cannot make {}", what));
    return handle;
}

// Its reasons may be absent too.
std::string reason(const char* error)
{
    return error ? error : "DuckDB says no reason";
}

using Config = Owned<duckdb_config, duckdb_destroy_config>;
using Prepared = Owned<duckdb_prepared_statement, duckdb_destroy_prepare>;
using Extracted = Owned<duckdb_extracted_statements, duckdb_destroy_extracted>;
using Pending = Owned<duckdb_pending_result, duckdb_destroy_pending>;
using OwnedValue = Owned<duckdb_value, duckdb_destroy_value>;
using Answer = Owned<duckdb_result, duckdb_destroy_result>;
using Chunk = Owned<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using LogicalType = Owned<duckdb_logical_type, duckdb_destroy_logical_type>;

duckdb_value value_of(std::int64_t number)
{
    return made(duckdb_create_int64(number), "a number");
}

duckdb_value value_of(const std::string& text)
{
    return made(duckdb_create_varchar_length(text.data(), text.size()), "a text");
}

// In one array, as DuckDB takes them.
class Values {
public:
    explicit Values(const std::vector<std::string>& texts)
    {
        values_.reserve(texts.size());
        for (const std::string& text : texts)
            values_.push_back(value_of(text));
    }
    Values(const Values&) = delete;
    Values& operator=(const Values&) = delete;
    ~Values()
    {
        for (duckdb_value& value : values_)
            duckdb_destroy_value(&value);
    }

    // Never null: DuckDB makes no empty list of a null pointer.
    duckdb_value* data() { return values_.empty() ? &nothing_ : values_.data(); }
    std::size_t size() const { return values_.size(); }

private:
    std::vector<duckdb_value> values_;
    duckdb_value nothing_ = nullptr;
};

duckdb_value value_of(const std::vector<std::string>& texts)
{
    const LogicalType type(made(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR), "a type"));
    Values values(texts);
    if constexpr (has_seeded_fault("duckdb-null-list"))
        return duckdb_create_list_value(type.get(), texts.empty() ? nullptr : values.data(), values.size());
    return made(duckdb_create_list_value(type.get(), values.data(), values.size()), "a list");
}

void bind(duckdb_prepared_statement statement, const std::vector<SqlParameter>& values)
{
    for (std::size_t i = 0; i < values.size(); ++i) {
        const OwnedValue value(std::visit([](const auto& given) { return value_of(given); }, values[i]));
        if (duckdb_bind_value(statement, i + 1, value.get()) != DuckDBSuccess)
            throw DuckDBError(fmt::format("value {}: {}", i + 1, reason(duckdb_prepare_error(statement))));
    }
}

void prepare(duckdb_connection connection, const std::string& sql, Prepared& statement)
{
    if (duckdb_prepare(connection, sql.c_str(), statement.address()) != DuckDBSuccess)
        throw DuckDBError(reason(duckdb_prepare_error(statement.get())));
}

// Its work is done in small tasks, between which the clock is looked at; so is a recursion without end. Interrupting
// from a thread of its own was tried and ends nothing sooner: DuckDB looks for it between the same steps.
void execute(duckdb_connection connection, duckdb_prepared_statement statement, std::optional<TimePoint> deadline,
             Answer& result)
{
    Pending pending;
    if (duckdb_pending_prepared(statement, pending.address()) != DuckDBSuccess)
        throw DuckDBError(reason(duckdb_pending_error(pending.get())));
    bool too_slow = false;
    for (;;) {
        const auto state = duckdb_pending_execute_task(pending.get());
        if (state == DUCKDB_PENDING_ERROR) {
            const auto why = reason(duckdb_pending_error(pending.get()));
            if (too_slow)
                throw DuckDBTimeout(why);
            throw DuckDBError(why);
        }
        if (duckdb_pending_execution_is_finished(state))
            break;
        if (!too_slow && deadline && std::chrono::steady_clock::now() > *deadline) {
            duckdb_interrupt(connection);
            too_slow = true;
        }
    }
    if (duckdb_execute_pending(pending.get(), result.address()) != DuckDBSuccess)
        throw DuckDBError(reason(duckdb_result_error(result.address())));
}

Cell cell(duckdb_vector column, duckdb_type type, idx_t row)
{
    auto* valid = duckdb_vector_get_validity(column);
    if (valid && !duckdb_validity_row_is_valid(valid, row))
        return {};
    void* data = made(duckdb_vector_get_data(column), "a column's values");
    if (type == DUCKDB_TYPE_BIGINT)
        return static_cast<std::int64_t*>(data)[row];
    auto* strings = static_cast<duckdb_string_t*>(data);
    return std::string(duckdb_string_t_data(&strings[row]), duckdb_string_t_length(strings[row]));
}

std::vector<Row> rows_of(Answer& result)
{
    const auto columns = duckdb_column_count(result.address());
    std::vector<duckdb_type> types;
    for (idx_t i = 0; i < columns; ++i) {
        types.push_back(duckdb_column_type(result.address(), i));
        if (types.back() != DUCKDB_TYPE_BIGINT && types.back() != DUCKDB_TYPE_VARCHAR)
            throw DuckDBError(fmt::format("column {} is neither BIGINT nor VARCHAR", i));
    }
    std::vector<Row> rows;
    for (;;) {
        const Chunk chunk(duckdb_fetch_chunk(*result.address()));
        if (!chunk.get()) {
            if (const char* error = duckdb_result_error(result.address()))
                throw DuckDBError(error);
            return rows;
        }
        const auto count = duckdb_data_chunk_get_size(chunk.get());
        const auto first = rows.size();
        rows.resize(first + count, Row(columns));
        for (idx_t i = 0; i < columns; ++i) {
            const auto column = made(duckdb_data_chunk_get_vector(chunk.get(), i), "a column");
            for (idx_t row = 0; row < count; ++row)
                rows[first + row][i] = cell(column, types[i], row);
        }
    }
}

void set(Config& config, const char* name, const std::string& value)
{
    if (duckdb_set_config(config.get(), name, value.c_str()) != DuckDBSuccess)
        throw DuckDBError(fmt::format("DuckDB does not know the option {} or its value {}", name, value));
}

} // namespace

Database::Database(const DatabaseOptions& options)
{
    Config config;
    if (duckdb_create_config(config.address()) != DuckDBSuccess)
        throw DuckDBError("cannot configure DuckDB");
    set(config, "memory_limit", fmt::format("{}MiB", options.memory_mb));
    set(config, "threads", std::to_string(options.threads));
    set(config, "temp_directory", options.scratch.string());
    set(config, "autoinstall_known_extensions", "false");
    set(config, "autoload_known_extensions", "false");
    set(config, "allow_community_extensions", "false");
    duckdb_database database = nullptr;
    char* error = nullptr;
    if (duckdb_open_ext(nullptr, &database, config.get(), &error) != DuckDBSuccess) {
        const auto why = reason(error);
        duckdb_free(error);
        throw DuckDBError(why);
    }
    handle_.reset(database);
}

Connection::Connection(const Database& database)
{
    duckdb_connection connection = nullptr;
    if (duckdb_connect(database.handle(), &connection) != DuckDBSuccess)
        throw DuckDBError("cannot connect to DuckDB");
    handle_.reset(connection);
}

std::vector<Row> Connection::rows(const std::string& sql, const std::vector<SqlParameter>& values,
                                  std::optional<TimePoint> deadline)
{
    Prepared statement;
    prepare(handle_.get(), sql, statement);
    bind(statement.get(), values);
    Answer result;
    execute(handle_.get(), statement.get(), deadline, result);
    return rows_of(result);
}

Connection::NamedRows Connection::named_rows(const std::string& sql, std::optional<TimePoint> deadline)
{
    Prepared statement;
    prepare(handle_.get(), sql, statement);
    Answer result;
    execute(handle_.get(), statement.get(), deadline, result);
    NamedRows named;
    for (idx_t i = 0; i < duckdb_column_count(result.address()); ++i)
        named.names.emplace_back(made(duckdb_column_name(result.address(), i), "a column's name"));
    named.rows = rows_of(result);
    return named;
}

bool Connection::is_one_select(const std::string& sql)
{
    Extracted statements;
    const auto count = duckdb_extract_statements(handle_.get(), sql.c_str(), statements.address());
    if (const char* error = duckdb_extract_statements_error(statements.get()))
        throw DuckDBError(error);
    if (count != 1)
        return false;
    Prepared statement;
    if (duckdb_prepare_extracted_statement(handle_.get(), statements.get(), 0, statement.address()) != DuckDBSuccess)
        throw DuckDBError(reason(duckdb_prepare_error(statement.get())));
    return duckdb_prepared_statement_type(statement.get()) == DUCKDB_STATEMENT_TYPE_SELECT;
}

void Connection::run(const std::string& sql, const std::vector<SqlParameter>& values, std::optional<TimePoint> deadline)
{
    Prepared statement;
    prepare(handle_.get(), sql, statement);
    bind(statement.get(), values);
    Answer result;
    execute(handle_.get(), statement.get(), deadline, result);
}

std::int64_t integer_at(const Row& row, std::size_t column)
{
    const auto* number = std::get_if<std::int64_t>(&row.at(column));
    return number ? *number : 0;
}

std::string text(const Row& row, std::size_t column)
{
    const auto* text = std::get_if<std::string>(&row.at(column));
    return text ? *text : std::string();
}

std::string sql_text(std::string_view text)
{
    std::string literal = "'";
    for (const char c : text)
        literal += c == '\'' ? "''" : std::string(1, c);
    return literal + "'";
}

std::string sql_list(const std::vector<std::string>& texts)
{
    std::string list = "[";
    for (const std::string& text : texts)
        list += (list.size() > 1 ? ", " : "") + sql_text(text);
    return list + "]";
}

} // namespace estante::duck

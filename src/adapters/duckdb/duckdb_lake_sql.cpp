#include "adapters/duckdb/duckdb_lake_sql.hpp"

#include "adapters/duckdb/shop_lake.hpp"
#include "domain/calendar.hpp"

#include <fmt/format.h>

#include <utility>

namespace estante {

namespace duck {

namespace {

namespace fs = std::filesystem;

constexpr Period all_days{.first = Day{}, .last = Day{} + std::chrono::days(100'000)}; // until 2243

void make_views(Connection& connection, const LakeFiles& files)
{
    constexpr std::string_view columns = "purchase_id, user_id, status, total_amount, created_at, items";
    auto purchases = fmt::format("SELECT {} FROM open_purchases", columns);
    if (!files.parquet.empty())
        purchases += fmt::format(" UNION ALL SELECT {} FROM read_parquet({})", columns, sql_list(files.parquet));
    connection.run("CREATE VIEW purchases AS " + purchases);
    connection.run("CREATE VIEW purchase_items AS SELECT purchase_id, user_id, status, created_at, line.book_id, "
                   "line.title, line.quantity, line.unit_price, line.subtotal, line.vat_rate FROM (SELECT purchase_id, "
                   "user_id, status, created_at, unnest(items) AS line FROM purchases)");
    connection.run("CREATE VIEW daily_summary AS SELECT CAST(created_at AS DATE) AS day, count(*) AS purchases, "
                   "CAST(sum(list_sum([line.quantity FOR line IN items])) AS BIGINT) AS copies, sum(total_amount) AS "
                   "revenue FROM purchases WHERE status NOT IN ('cancelled', 'refunded') GROUP BY day");
    if (files.books.empty())
        connection.run(
            "CREATE TABLE books (book_id VARCHAR, title VARCHAR, author VARCHAR, authors VARCHAR[], category "
            "VARCHAR, isbn VARCHAR, price DECIMAL(18,2), publication_year INTEGER)");
    else
        connection.run("CREATE VIEW books AS SELECT * FROM read_parquet(" + sql_list({files.books}) + ")");
}

// `output`: a file that may be written, or empty.
void lock_down(Connection& connection, const LakeFiles& files, const fs::path& output)
{
    auto paths = files.parquet;
    if (!output.empty())
        paths.push_back(output.string());
    if (!files.books.empty())
        paths.push_back(files.books);
    connection.run("SET allowed_paths = " + sql_list(paths));
    connection.run("SET enable_external_access = false");
    connection.run("SET lock_configuration = true");
}

std::unexpected<Error> rejected(const std::string& why)
{
    return failure(Errc::invalid, "La consulta no se ha admitido: " + why, "The statement was refused: " + why);
}

class OnDuckDBSql final : public LakeSql {
public:
    OnDuckDBSql(ObjectStore& lake, DuckDBOptions options) : lake_(lake), options_(std::move(options)) {}

    Result<SqlResult> select(const TenantId& tenant, const std::string& sql, std::size_t max_rows) override
    {
        return run_sandboxed<SqlResult>(tenant, {}, [&](Connection& connection, TimePoint deadline) {
            return rows(connection, check_select(connection, sql), max_rows, deadline);
        });
    }

    Result<std::uint64_t> select_into(const TenantId& tenant, const std::string& sql, const fs::path& file) override
    {
        return run_sandboxed<std::uint64_t>(tenant, file, [&](Connection& connection, TimePoint deadline) {
            const auto copied = connection.rows(fmt::format("COPY (\n{}\n) TO {} (FORMAT parquet, COMPRESSION zstd, "
                                                            "USE_TMP_FILE false)",
                                                            check_select(connection, sql), sql_text(file.string())),
                                                {}, deadline);
            return static_cast<std::uint64_t>(integer_at(copied.at(0), 0));
        });
    }

private:
    ObjectStore& lake_;
    const DuckDBOptions options_;

    // Runs `work` in a database that has the shop's views and access to nothing else.
    template <class T, class Work> Result<T> run_sandboxed(const TenantId& tenant, const fs::path& output, Work work)
    {
        const struct RemoveAtExit {
            const fs::path& folder;
            ~RemoveAtExit()
            {
                std::error_code ignored;
                fs::remove_all(folder, ignored);
            }
        } remove_scratch{options_.scratch};
        const auto deadline = std::chrono::steady_clock::now() + options_.timeout;
        try {
            fs::remove_all(options_.scratch);
            fs::create_directories(options_.scratch);
            const Database database({.memory_mb = options_.memory_mb, .threads = options_.threads, .scratch = {}});
            Connection connection(database);
            create_open_purchases_table(connection);
            ShopLake shop(lake_, tenant, options_);
            auto files = shop.refresh(connection, all_days, Reading::purchases, deadline);
            if (shop.exclude_damaged(connection, deadline))
                files = shop.refresh(connection, all_days, Reading::purchases, deadline);
            make_views(connection, files);
            lock_down(connection, files, output);
            try {
                return work(connection, deadline);
            } catch (const DuckDBTimeout&) {
                throw;
            } catch (const DuckDBError& error) {
                const std::string why = error.what();
                return rejected(why.substr(0, why.find('\n')));
            }
        } catch (const DuckDBTimeout&) {
            return failure(Errc::unavailable, "La consulta ha tardado demasiado.", "The statement took too long.");
        } catch (const std::exception& error) {
            return failure(Errc::unavailable, "El lago de datos no responde.", error.what());
        }
    }

    // The statement without a trailing semicolon, so that it can be embedded in another. Throws DuckDBError for
    // anything but a single SELECT.
    static std::string check_select(Connection& connection, const std::string& sql)
    {
        if (!connection.is_one_select(sql))
            throw DuckDBError("it must be a single SELECT statement");
        return sql.substr(0, sql.find_last_not_of("; \t\r\n") + 1);
    }

    static SqlResult rows(Connection& connection, const std::string& statement, std::size_t max_rows,
                          TimePoint deadline)
    {
        const auto named = connection.named_rows(
            fmt::format("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (\n{}\n) LIMIT {}", statement, max_rows + 1),
            deadline);
        SqlResult result{.columns = named.names, .more = named.rows.size() > max_rows};
        for (const Row& row : named.rows) {
            if (result.rows.size() == max_rows)
                break;
            auto& cells = result.rows.emplace_back();
            for (const Cell& cell : row) {
                const auto* text = std::get_if<std::string>(&cell);
                cells.push_back(text ? std::optional(*text) : std::nullopt);
            }
        }
        return result;
    }
};

} // namespace

} // namespace duck

std::unique_ptr<LakeSql> create_duckdb_lake_sql(ObjectStore& lake, DuckDBOptions options)
{
    return std::make_unique<duck::OnDuckDBSql>(lake, std::move(options));
}

} // namespace estante

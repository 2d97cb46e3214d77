#include "adapters/duckdb/duckdb_tables.hpp"

#include "adapters/duckdb/database.hpp"
#include "adapters/duckdb/day_files.hpp"
#include "adapters/duckdb/purchase_documents.hpp"
#include "domain/money.hpp"
#include "runtime/offload.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

namespace estante {

namespace duck {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t documents_at_once = 1'000;

Database database_in(const DuckDBTablesOptions& options)
{
    fs::create_directories(options.scratch);
    return Database({.memory_mb = options.memory_mb, .threads = 1, .scratch = options.scratch / "spill"});
}

// Goes with what is in it.
struct Emptied {
    fs::path path;

    ~Emptied()
    {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
};

// What the work throws as an answer, with the cause in English: callers log it.
template <class T, class Work> Result<T> attempted(Work work)
{
    try {
        return work();
    } catch (const std::exception& error) {
        return failure(Errc::unavailable, "El archivo Parquet no se ha podido crear.", error.what());
    }
}

std::string spelled(const ExportedTable::Cell& cell, ExportedTable::Kind kind)
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

class Exports final : public TableExport {
public:
    explicit Exports(DuckDBTablesOptions options) : options_(std::move(options)), pool_(1) {}
    Exports(const Exports&) = delete;
    Exports& operator=(const Exports&) = delete;
    ~Exports() override { pool_.join(); }

    Task<Result<std::string>> parquet(ExportedTable table) override
    {
        co_return co_await offload<Result<std::string>>(pool_, [this, table = std::move(table)] {
            return attempted<std::string>([&] { return bytes_of(table); });
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
                cells.push_back(spelled(row.at(i), kind));
            values.emplace_back(std::move(cells));
            columns.push_back(
                fmt::format("{} AS \"{}\"", fmt::format(fmt::runtime(cast(kind)), fmt::format("c{}", i)), name));
            lists.push_back(fmt::format("unnest(${}::VARCHAR[]) AS c{}", i + 1, i));
        }
        connection.run(fmt::format("CREATE TABLE exported AS SELECT {} FROM (SELECT {})", fmt::join(columns, ", "),
                                   fmt::join(lists, ", ")),
                       values);
        const auto file = options_.scratch / "export.parquet"; // calls are done one after the other
        copy_to(connection, "SELECT * FROM exported", file);
        std::ifstream in(file, std::ios::binary);
        std::string bytes{std::istreambuf_iterator<char>(in), {}};
        fs::remove(file);
        return bytes;
    }
};

class OnDuckDBTables final : public LakeTables {
public:
    OnDuckDBTables(ObjectStore& lake, DuckDBTablesOptions options) : lake_(lake), options_(std::move(options)), pool_(1)
    {
    }
    OnDuckDBTables(const OnDuckDBTables&) = delete;
    OnDuckDBTables& operator=(const OnDuckDBTables&) = delete;
    ~OnDuckDBTables() override { pool_.join(); }

    Task<Result<std::uint64_t>> write_day(TenantId tenant, Day day, DayFiles files) override
    {
        co_return co_await offload<Result<std::uint64_t>>(pool_, [this, tenant = std::move(tenant), day, files] {
            return attempted<std::uint64_t>([&] { return day_to(tenant, day, files); });
        });
    }

    Task<Result<std::vector<DamagedObject>>> damaged(TenantId tenant, Day day) override
    {
        using Damaged = std::vector<DamagedObject>;
        co_return co_await offload<Result<Damaged>>(pool_, [this, tenant = std::move(tenant), day] {
            return attempted<Damaged>([&] {
                Damaged damaged;
                each_page(tenant, day, [&damaged](const std::vector<PurchaseDocument>& documents) {
                    for (const PurchaseDocument& document : documents) {
                        if (!document.json)
                            damaged.push_back({document.key, document.json.error()});
                    }
                });
                return damaged;
            });
        });
    }

    Task<Result<void>> write_month(TenantId tenant, std::set<Day> days, fs::path file) override
    {
        co_return co_await offload<Result<void>>(pool_,
                                                 [this, tenant = std::move(tenant), days = std::move(days), file] {
                                                     return attempted<void>([&]() -> Result<void> {
                                                         month_to(tenant, days, file);
                                                         return {};
                                                     });
                                                 });
    }

    Task<Result<void>> write_books(std::vector<LakeBook> books, fs::path file) override
    {
        co_return co_await offload<Result<void>>(pool_, [this, books = std::move(books), file] {
            return attempted<void>([&]() -> Result<void> {
                books_to(books, file);
                return {};
            });
        });
    }

private:
    ObjectStore& lake_;
    const DuckDBTablesOptions options_;
    boost::asio::thread_pool pool_;

    template <class Take> void each_page(const TenantId& tenant, Day day, Take take) const
    {
        const auto prefix = lake_layout::purchases_prefix(tenant, day);
        std::optional<std::string> after;
        do {
            const auto page = need(finish(lake_.list(prefix, after, documents_at_once)), prefix);
            take(read_documents(lake_, tenant, page.objects));
            after = page.next;
        } while (after);
    }

    std::uint64_t day_to(const TenantId& tenant, Day day, const DayFiles& files) const
    {
        const auto database = database_in(options_);
        Connection connection(database);
        make_day(connection);
        std::uint64_t count = 0;
        each_page(tenant, day, [&](const std::vector<PurchaseDocument>& read) {
            std::string documents;
            for (const PurchaseDocument& document : read) {
                if (!document.json)
                    throw DuckDBError(fmt::format("{} is damaged: {}", document.key, document.json.error()));
                documents += documents.empty() ? '[' : ',';
                documents += *document.json;
                ++count;
            }
            if (!documents.empty())
                connection.run(
                    fmt::format("INSERT INTO day SELECT d.* FROM (SELECT unnest({}) AS d)", purchases_from_json("$1")),
                    {documents + "]"});
        });
        write_day_files(connection, files);
        return count;
    }

    void month_to(const TenantId& tenant, const std::set<Day>& days, const fs::path& file) const
    {
        const auto database = database_in(options_);
        Connection connection(database);
        const Emptied folder{options_.scratch / "month"};
        fs::remove_all(folder.path); // of one that died
        fs::create_directories(folder.path);
        std::vector<std::string> purchases;
        std::vector<std::string> sums;
        const auto fetch = [&](const std::string& key, std::vector<std::string>& files) {
            const auto to = folder.path / key; // which DuckDB names when it cannot read it
            fs::create_directories(to.parent_path());
            const bool there = need(finish(lake_.get_file(key, to)), key);
            if (there)
                files.push_back(to.string());
            return there;
        };
        for (const Day day : days) {
            if (!fetch(lake_layout::by_book_key(tenant, day), sums) &&
                !fetch(lake_layout::parquet_key(tenant, day), purchases))
                throw DuckDBError(lake_layout::parquet_key(tenant, day) + " is missing, though its day is closed");
        }
        write_month_file(connection, purchases, sums, file);
    }

    void books_to(const std::vector<LakeBook>& books, const fs::path& file) const
    {
        const auto database = database_in(options_);
        Connection connection(database);
        connection.run("CREATE TABLE books (book_id VARCHAR, title VARCHAR, author VARCHAR, authors VARCHAR[], "
                       "category VARCHAR, isbn VARCHAR, price DECIMAL(18,2), publication_year INTEGER)");
        for (std::size_t first = 0; first < books.size(); first += documents_at_once)
            insert(connection, std::span(books).subspan(first, std::min(documents_at_once, books.size() - first)));
        copy_to(connection, "SELECT * FROM books ORDER BY book_id", file);
    }

    static void insert(Connection& connection, std::span<const LakeBook> books)
    {
        std::vector<std::string> columns[7];
        std::vector<std::string> author_books; // of each author, the place of its book
        std::vector<std::string> authors;
        for (std::size_t i = 0; i < books.size(); ++i) {
            const LakeBook& book = books[i];
            const std::string* const fields[] = {&book.book_id, &book.title, &book.author,          &book.category,
                                                 &book.isbn,    &book.price, &book.publication_year};
            for (std::size_t column = 0; column < std::size(fields); ++column)
                columns[column].push_back(*fields[column]);
            for (const std::string& author : book.authors) {
                author_books.push_back(book.book_id);
                authors.push_back(author);
            }
        }
        connection.run(
            "WITH named AS (SELECT b, list(a ORDER BY n) AS authors FROM (SELECT unnest($8::VARCHAR[]) AS b, "
            "unnest($9::VARCHAR[]) AS a, generate_subscripts($9::VARCHAR[], 1) AS n) GROUP BY b) "
            "INSERT INTO books SELECT i, t, w, coalesce(authors, []), c, nullif(s, ''), "
            "CAST(nullif(p, '') AS DECIMAL(18,2)), CAST(nullif(y, '') AS INTEGER) FROM (SELECT "
            "unnest($1::VARCHAR[]) AS i, unnest($2::VARCHAR[]) AS t, unnest($3::VARCHAR[]) AS w, "
            "unnest($4::VARCHAR[]) AS c, unnest($5::VARCHAR[]) AS s, unnest($6::VARCHAR[]) AS p, "
            "unnest($7::VARCHAR[]) AS y) LEFT JOIN named ON b = i",
            {columns[0], columns[1], columns[2], columns[3], columns[4], columns[5], columns[6], author_books,
             authors});
    }
};

} // namespace

} // namespace duck

std::unique_ptr<LakeTables> create_duckdb_lake_tables(ObjectStore& lake, DuckDBTablesOptions options)
{
    return std::make_unique<duck::OnDuckDBTables>(lake, std::move(options));
}

std::unique_ptr<TableExport> create_duckdb_table_export(DuckDBTablesOptions options)
{
    return std::make_unique<duck::Exports>(std::move(options));
}

} // namespace estante

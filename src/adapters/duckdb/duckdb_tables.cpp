#include "adapters/duckdb/duckdb_tables.hpp"

#include "adapters/duckdb/database.hpp"
#include "adapters/duckdb/day_files.hpp"
#include "adapters/duckdb/parquet_writing.hpp"
#include "adapters/duckdb/purchase_documents.hpp"
#include "runtime/offload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

namespace estante {

namespace duck {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t documents_per_batch = 1'000;

// Removes a folder at the end of a scope.
struct RemoveAtExit {
    fs::path path;

    ~RemoveAtExit()
    {
        std::error_code ignored;
        fs::remove_all(path, ignored);
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
            return catching_errors<std::uint64_t>([&] { return day_to(tenant, day, files); });
        });
    }

    Task<Result<std::vector<DamagedObject>>> damaged(TenantId tenant, Day day) override
    {
        using Damaged = std::vector<DamagedObject>;
        co_return co_await offload<Result<Damaged>>(pool_, [this, tenant = std::move(tenant), day] {
            return catching_errors<Damaged>([&] {
                Damaged damaged;
                for_each_page(tenant, day, [&damaged](const std::vector<PurchaseDocument>& documents) {
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
                                                     return catching_errors<void>([&]() -> Result<void> {
                                                         month_to(tenant, days, file);
                                                         return {};
                                                     });
                                                 });
    }

    Task<Result<void>> write_books(std::vector<LakeBook> books, fs::path file) override
    {
        co_return co_await offload<Result<void>>(pool_, [this, books = std::move(books), file] {
            return catching_errors<void>([&]() -> Result<void> {
                books_to(books, file);
                return {};
            });
        });
    }

private:
    ObjectStore& lake_;
    const DuckDBTablesOptions options_;
    boost::asio::thread_pool pool_;

    template <class Take> void for_each_page(const TenantId& tenant, Day day, Take take) const
    {
        const auto prefix = lake_layout::purchases_prefix(tenant, day);
        std::optional<std::string> after;
        do {
            const auto page = value_or_throw(run_blocking(lake_.list(prefix, after, documents_per_batch)), prefix);
            take(read_documents(lake_, tenant, page.objects));
            after = page.next;
        } while (after);
    }

    std::uint64_t day_to(const TenantId& tenant, Day day, const DayFiles& files) const
    {
        const auto database = database_in(options_);
        Connection connection(database);
        create_day_table(connection);
        std::uint64_t count = 0;
        for_each_page(tenant, day, [&](const std::vector<PurchaseDocument>& read) {
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
        const RemoveAtExit folder{options_.scratch / "month"};
        fs::remove_all(folder.path); // left by a killed process
        fs::create_directories(folder.path);
        std::vector<std::string> purchases;
        std::vector<std::string> sums;
        const auto fetch = [&](const std::string& key, std::vector<std::string>& files) {
            const auto to = folder.path / key; // DuckDB names this path when it cannot read the file
            fs::create_directories(to.parent_path());
            const bool there = value_or_throw(run_blocking(lake_.get_file(key, to)), key);
            if (there)
                files.push_back(to.string());
            return there;
        };
        for (const Day day : days) {
            if (!fetch(lake_layout::by_book_key(tenant, day), sums) &&
                !fetch(lake_layout::parquet_key(tenant, day), purchases))
                throw DuckDBError(lake_layout::parquet_key(tenant, day) + " is missing although its day is closed");
        }
        write_month_file(connection, purchases, sums, file);
    }

    void books_to(const std::vector<LakeBook>& books, const fs::path& file) const
    {
        const auto database = database_in(options_);
        Connection connection(database);
        connection.run("CREATE TABLE books (book_id VARCHAR, title VARCHAR, author VARCHAR, authors VARCHAR[], "
                       "category VARCHAR, isbn VARCHAR, price DECIMAL(18,2), publication_year INTEGER)");
        for (std::size_t first = 0; first < books.size(); first += documents_per_batch)
            insert(connection, std::span(books).subspan(first, std::min(documents_per_batch, books.size() - first)));
        copy_to(connection, "SELECT * FROM books ORDER BY book_id", file);
    }

    static void insert(Connection& connection, std::span<const LakeBook> books)
    {
        std::vector<std::string> columns[7];
        std::vector<std::string> author_books; // for each author the id of the book
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

} // namespace estante

// The bestseller report of a shop with ten million purchases in closed days of its lake, and its effect on the latency
// of checkouts. The reference is SQLite's GROUP BY over the same lines.
//
// DuckDB generates the purchases from a seed: one year, 20,000 books with a skewed distribution. The files of days and
// months are written by the code that closes days and rolls up months. The generation is not timed. report_ms is for
// the whole year, twelve months; uneven_ms for a period that begins and ends within a month (SQLite: sqlite_uneven_ms).
//
// SQLite has only the columns of the sold lines, in a file with a covering index that begins with the day, as queries
// for any period need it; 256 MB of cache, warm. For comparison sqlite_by_book_ms uses an index that begins with the
// book: it avoids the grouping but reads all lines of the shop for any period. ESTANTE_BENCH_PURCHASES: another number
// of purchases.
#include "adapters/duckdb/database.hpp"
#include "adapters/duckdb/day_files.hpp"
#include "adapters/duckdb/duckdb_analytics.hpp"
#include "adapters/duckdb/duckdb_tables.hpp"
#include "adapters/filesystem/filesystem_objects.hpp"
#include "checkout_load.hpp"
#include "codec/lake_layout.hpp"
#include "processors/lake/monthly_rollup.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <fstream>

namespace estante::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t days = 365;
constexpr std::size_t checkouts = 4'000; // per round
constexpr std::size_t clients = 8;       // of the concurrent checkouts
constexpr std::size_t top = 20;
constexpr int rounds = 5;
const TenantId shop{"shop"};
const Day first_day = CalendarDate::parse("2025-01-01")->day();
const Period year{.first = first_day, .last = first_day + std::chrono::days(days - 1)};
const Period uneven{.first = first_day + std::chrono::days(9), .last = first_day + std::chrono::days(days - 20)};

// VmRSS (current) or VmHWM (peak) of this process.
double memory_mb(std::string_view field)
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(field))
            return std::strtod(line.c_str() + field.size() + 1, nullptr) / 1024;
    }
    return 0;
}

void reset_peak_memory()
{
    std::ofstream("/proc/self/clear_refs") << 5;
}

class SqliteReference {
public:
    explicit SqliteReference(const fs::path& file)
    {
        if (sqlite3_open(file.c_str(), &db_) != SQLITE_OK)
            throw std::runtime_error("SQLite cannot open its file");
        run("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-262144; PRAGMA temp_store=MEMORY;"
            "CREATE TABLE lines (day INTEGER, book_id TEXT, quantity INTEGER, cents INTEGER); BEGIN");
        sqlite3_prepare_v2(db_, "INSERT INTO lines VALUES (?, ?, ?, ?)", -1, &insert_, nullptr);
    }
    SqliteReference(const SqliteReference&) = delete;
    SqliteReference& operator=(const SqliteReference&) = delete;
    ~SqliteReference()
    {
        sqlite3_finalize(insert_);
        sqlite3_close(db_);
    }

    void add(std::int64_t day, const std::string& book, std::int64_t quantity, std::int64_t cents)
    {
        sqlite3_bind_int64(insert_, 1, day);
        sqlite3_bind_text(insert_, 2, book.data(), static_cast<int>(book.size()), SQLITE_STATIC);
        sqlite3_bind_int64(insert_, 3, quantity);
        sqlite3_bind_int64(insert_, 4, cents);
        if (sqlite3_step(insert_) != SQLITE_DONE)
            throw std::runtime_error(sqlite3_errmsg(db_));
        sqlite3_reset(insert_);
    }
    void finish()
    {
        run("COMMIT; CREATE INDEX by_day ON lines(day, book_id, quantity, cents);"
            "CREATE INDEX by_book ON lines(book_id, day, quantity, cents)");
    }

    std::vector<BookSales> top_books(std::string_view index, const Period& period, std::vector<double>& times)
    {
        const auto begin = Clock::now();
        sqlite3_stmt* statement = nullptr;
        const auto sql =
            fmt::format("SELECT book_id, sum(quantity) AS copies, sum(cents) AS revenue FROM lines INDEXED "
                        "BY {} WHERE day BETWEEN {} AND {} GROUP BY book_id ORDER BY copies DESC, revenue "
                        "DESC, book_id LIMIT {}",
                        index, (period.first - first_day).count(), (period.last - first_day).count(), top);
        if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
            throw std::runtime_error(sqlite3_errmsg(db_));
        std::vector<BookSales> books;
        while (sqlite3_step(statement) == SQLITE_ROW)
            books.push_back({.category = "",
                             .book_id = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)),
                             .title = "",
                             .items = static_cast<std::uint64_t>(sqlite3_column_int64(statement, 1)),
                             .revenue_cents = sqlite3_column_int64(statement, 2),
                             .rank = static_cast<std::uint32_t>(books.size() + 1)});
        sqlite3_finalize(statement);
        times.push_back(ms_since(begin));
        return books;
    }

private:
    sqlite3* db_ = nullptr;
    sqlite3_stmt* insert_ = nullptr;

    void run(const char* sql)
    {
        if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
            throw std::runtime_error(sqlite3_errmsg(db_));
    }
};

// SQL that inserts `count` purchases from number `begin` on into the table `day`, which begins at $1 (ms); one to three
// lines each.
std::string insert_purchases_sql(std::size_t begin, std::size_t count)
{
    const auto random = [](int salt, std::string_view of) { return fmt::format("(hash({}, {}) % 1000000)", of, salt); };
    const auto quantity = fmt::format("CAST(1 + (hash(n, l, 5) % 10) // 8 AS INTEGER)");
    const auto book = fmt::format("CAST(floor(20000 * pow({} / 1e6, 3)) AS BIGINT)", random(4, "n, l"));
    return fmt::format(
        "INSERT INTO day BY NAME WITH lines AS (SELECT n, {1} AS quantity, {2} AS b FROM range({0}, {0} + {3}) r(n),"
        " range(3) s(l) WHERE l <= hash(n, 1) % 3),"
        " priced AS (SELECT *, CAST(5 + (b * 37 % 2500) / 100.0 AS DECIMAL(18,2)) AS price FROM lines),"
        " sums AS (SELECT n, CAST(sum(price * quantity) AS DECIMAL(18,2)) AS total_amount,"
        " list({{'book_id': printf('book_01KQ%022d', b), 'title': 'A title of usual length, number ' || b,"
        " 'quantity': quantity, 'unit_price': price, 'subtotal': CAST(price * quantity AS DECIMAL(18,2)),"
        " 'vat_rate': CAST(4 AS DECIMAL(18,2))}}) AS items FROM priced GROUP BY n)"
        " SELECT printf('purchase_01KQ%022d', n) AS purchase_id, printf('user_01KQ%022d', CAST(hash(n, 2) % 400000 AS"
        " BIGINT)) AS user_id, CASE WHEN hash(n, 3) % 50 = 0 THEN 'cancelled' ELSE 'delivered' END AS status,"
        " total_amount, 'EUR' AS currency, make_timestamp(($1::BIGINT + CAST(hash(n, 6) % 86400000 AS BIGINT)) * 1000)"
        " AS created_at, items FROM sums",
        begin, quantity, book, count);
}

// Generates the lake of closed days, and the same sold lines in SQLite.
void generate(const fs::path& lake, std::size_t purchases, SqliteReference& sqlite)
{
    const duck::Database database({.memory_mb = 1'024, .threads = 2});
    duck::Connection connection(database);
    lake_layout::ClosedDays closed;
    for (std::size_t i = 0; i < days; ++i) {
        const Day day = first_day + std::chrono::days(i);
        const auto begin = purchases * i / days;
        duck::create_day_table(connection);
        connection.run(insert_purchases_sql(begin, purchases * (i + 1) / days - begin), {first_ms(day)});
        const DayFiles files{.purchases = lake / lake_layout::parquet_key(shop, day),
                             .books = lake / lake_layout::by_book_key(shop, day)};
        fs::create_directories(files.purchases.parent_path());
        fs::create_directories(files.books.parent_path());
        duck::write_day_files(connection, files);
        closed.days.insert(day);
        for (const duck::Row& row : connection.rows(
                 "SELECT line.book_id, CAST(line.quantity AS BIGINT), CAST(line.subtotal * 100 AS BIGINT) FROM (SELECT "
                 "unnest(items) AS line FROM day WHERE status <> 'cancelled')"))
            sqlite.add(static_cast<std::int64_t>(i), duck::text(row, 0), duck::integer_at(row, 1),
                       duck::integer_at(row, 2));
        if (i % 73 == 72)
            progress("{} of {} days", i + 1, days);
    }
    sqlite.finish();
    std::ofstream(lake / lake_layout::closed_days_key(shop)) << closed.text();
}

void roll_up_months(ObjectStore& lake, const fs::path& scratch)
{
    const auto tables = create_duckdb_lake_tables(lake, {.scratch = scratch});
    for (Month month = month_of(year.first); month <= month_of(year.last); month += std::chrono::months(1)) {
        const auto summed = run_task(roll_up_month(lake, *tables, shop, month, "sums", 0, scratch));
        if (!summed || *summed != RollupResult::summed)
            throw std::runtime_error("the rollup of a month failed");
    }
}

std::vector<BookSales> run_report(Analytics& analytics, const Period& period, std::vector<double>& times)
{
    const auto begin = Clock::now();
    const auto books = run_task(analytics.top_books(shop, period, false, top));
    times.push_back(ms_since(begin));
    if (!books)
        throw std::runtime_error("the report failed: " + books.error().detail.en);
    return *books;
}

// Compares all but the title, which SQLite's table does not have.
bool are_equal(const std::vector<BookSales>& ours, const std::vector<BookSales>& theirs)
{
    return std::ranges::equal(ours, theirs, [](const BookSales& a, const BookSales& b) {
        return a.book_id == b.book_id && a.items == b.items && a.revenue_cents == b.revenue_cents;
    });
}

struct CheckoutLatency {
    std::vector<double> idle_ms{}; // p95 of checkouts, per round
    std::vector<double> busy_ms{};
    std::vector<double> report_ms{};
};

// Checkouts without and with a report that runs repeatedly, alternating.
CheckoutLatency measure_checkouts(const fs::path& folder, Analytics& analytics)
{
    CheckoutLatency latency;
    CheckoutLoad shops(folder, {.shops = 1, .books_per_shop = 2'000});
    shops.measure(clients, checkouts / 4);
    for (int round = 0; round < rounds; ++round) {
        latency.idle_ms.push_back(shops.measure(clients, checkouts).p95_ms);
        std::atomic<bool> stop = false;
        std::thread reporting([&] {
            while (!stop)
                run_report(analytics, year, latency.report_ms);
        });
        latency.busy_ms.push_back(shops.measure(clients, checkouts).p95_ms);
        stop = true;
        reporting.join();
        progress("round {}: checkout p95 {:.2f} ms, while reporting {:.2f} ms", round + 1, latency.idle_ms.back(),
                 latency.busy_ms.back());
    }
    return latency;
}

int measure_all(const fs::path& folder)
{
    const char* count = std::getenv("ESTANTE_BENCH_PURCHASES"); // NOLINT(concurrency-mt-unsafe): no thread yet
    const std::size_t purchases = count ? std::strtoull(count, nullptr, 10) : 10'000'000;
    fs::remove_all(folder);
    fs::create_directories(folder / "lake");
    JsonLine result;
    {
        SqliteReference sqlite(folder / "lines.db");
        generate(folder / "lake", purchases, sqlite);
        const auto lake = create_filesystem_objects(folder / "lake");
        roll_up_months(*lake, folder / "tables");
        const auto analytics =
            create_duckdb_analytics(*lake, {.folder = folder / "lake", .scratch = folder / "scratch"});
        std::vector<double> ours;
        std::vector<double> theirs;
        std::vector<double> by_book;
        std::vector<double> our_uneven;
        std::vector<double> their_uneven;
        const double before_mb = memory_mb("VmRSS:");
        reset_peak_memory();
        const auto books = run_report(*analytics, year, ours); // the first run opens DuckDB and is not counted
        run_report(*analytics, year, ours);
        run_report(*analytics, uneven, our_uneven);
        const double report_mb = memory_mb("VmHWM:") - before_mb; // before SQLite, which sorts in memory, has run
        ours.clear();
        our_uneven.clear();
        bool agree = true;
        alternate(
            3, [&](std::size_t) { run_report(*analytics, year, ours); },
            [&](std::size_t) { run_report(*analytics, year, ours); },
            [&](std::size_t) {
                agree = are_equal(books, sqlite.top_books("by_day", year, theirs)) && agree;
                agree = are_equal(books, sqlite.top_books("by_book", year, by_book)) && agree;
                agree = are_equal(run_report(*analytics, uneven, our_uneven),
                                  sqlite.top_books("by_day", uneven, their_uneven)) &&
                        agree;
            });
        progress("report {:.0f} ms, SQLite {:.0f} ms, {:.0f} MB more than before; the results {}",
                 percentile(ours, 0.5), percentile(theirs, 0.5), report_mb, agree ? "agree" : "DIFFER");
        const auto latency = measure_checkouts(folder / "shop", *analytics);
        const double ratio = percentile(theirs, 0.5) / percentile(ours, 0.5);
        const double slower = percentile(latency.busy_ms, 0.5) / percentile(latency.idle_ms, 0.5);
        result.put("name", "report").put("ratio", ratio).put("target", 20.0);
        result.put("holds", agree && ratio >= 20 && percentile(ours, 0.5) < 1'000 && report_mb < 600 && slower <= 2);
        result.put("purchases", purchases).put("agree", agree);
        result.put("report_ms", percentile(ours, 0.5))
            .put("sqlite_ms", percentile(theirs, 0.5))
            .put("sqlite_by_book_ms", percentile(by_book, 0.5))
            .put("uneven_ms", percentile(our_uneven, 0.5))
            .put("sqlite_uneven_ms", percentile(their_uneven, 0.5));
        result.put("report_mb", report_mb).put("checkout_p95_ratio", slower);
        result.put("checkout_p95_ms", percentile(latency.busy_ms, 0.5))
            .put("checkout_idle_p95_ms", percentile(latency.idle_ms, 0.5))
            .put("report_while_latency_ms", percentile(latency.report_ms, 0.5));
    }
    fs::remove_all(folder);
    result.print();
    return 0;
}

} // namespace
} // namespace estante::bench

int main(int argc, char** argv)
{
    return estante::bench::measure_all(argc > 1 ? argv[1] : "build/bench-report");
}

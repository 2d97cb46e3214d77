#include "adapters/duckdb/database.hpp"
#include "adapters/duckdb/duckdb_lake_sql.hpp"
#include "adapters/duckdb/duckdb_tables.hpp"
#include "processors/lake/close_day.hpp"
#include "support/ports.hpp"
#include "unit/duckdb/lake_test.hpp"

namespace estante {

class SqlOfAShop : public LakeTest {
protected:
    const TenantId northwind{"northwind"};
    const Day closed = day("2026-01-30");
    ManualClock clock{first_ms(day("2026-02-10"))};
    std::unique_ptr<LakeTables> tables =
        create_duckdb_lake_tables(*lake, {.scratch = folder.path() / "tables", .memory_mb = 128});
    std::unique_ptr<LakeSql> shell = create_duckdb_lake_sql(*lake, [this] {
        auto chosen = options();
        chosen.scratch = folder.path() / "sql";
        return chosen;
    }());

    // Each shop has a closed and an open day.
    void SetUp() override
    {
        for (const TenantId& shop : {acme, northwind}) {
            for (int i = 0; i < 60; ++i)
                sell_quickly(shop, random_purchase(closed, 2));
            ASSERT_EQ(*run(close_day(*lake, *tables, shop, closed, "once", clock, folder.path() / "tables")),
                      CloseResult::closed);
        }
    }

    std::string file_of(const TenantId& shop) const
    {
        return (folder.path() / "lake" / lake_layout::parquet_key(shop, closed)).string();
    }
};

TEST_F(SqlOfAShop, ReadsItsViewsOverClosedAndOpenDays)
{
    const auto totals = *run(reference.totals(acme, {.first = closed, .last = day("2026-01-31")}));
    const auto all = shell->select(acme, "SELECT count(*) AS n FROM purchases;", 10);
    ASSERT_TRUE(all) << all.error().detail.en;
    EXPECT_EQ(all->columns, std::vector<std::string>{"n"});
    EXPECT_EQ(all->rows[0][0], "60");
    const auto sums = shell->select(acme, "SELECT sum(purchases), sum(copies), sum(revenue) FROM daily_summary", 10);
    ASSERT_TRUE(sums) << sums.error().detail.en;
    EXPECT_EQ(sums->rows[0][0], std::to_string(totals.purchases));
    EXPECT_EQ(sums->rows[0][1], std::to_string(totals.items));
    EXPECT_EQ(sums->rows[0][2], to_string(Money{totals.revenue_cents}));
    const auto lines = shell->select(acme, "SELECT book_id, NULL FROM purchase_items ORDER BY book_id -- all", 3);
    ASSERT_TRUE(lines) << lines.error().detail.en;
    EXPECT_EQ(lines->rows.size(), 3U);
    EXPECT_TRUE(lines->more);
    EXPECT_FALSE(lines->rows[0][1]);
    EXPECT_EQ(shell->select(acme, "SELECT count(*) FROM books", 3)->rows[0][0], "0");
}

TEST_F(SqlOfAShop, HasNoAccessToAnythingElse)
{
    const std::string other = duck::sql_text(file_of(northwind));
    const auto lake_folder = (folder.path() / "lake").string();
    for (const std::string& hostile : {
             std::string("SELECT * FROM read_csv('/etc/passwd')"),
             std::string("SELECT * FROM '/etc/passwd'"),
             std::string("SELECT * FROM read_text('/etc/passwd')"),
             std::string("SELECT * FROM read_blob('/etc/passwd')"),
             std::string("SELECT * FROM read_json('/etc/passwd')"),
             "SELECT * FROM read_parquet(" + other + ")",
             "SELECT * FROM parquet_metadata(" + other + ")",
             "SELECT * FROM read_parquet('" + lake_folder + "/acme/../northwind/*/*/*/*/*.parquet')",
             "SELECT * FROM read_parquet('" + lake_folder + "/*/purchases_parquet/*/*/*/*.parquet')",
             std::string("SELECT * FROM glob('/**')"),
             std::string("SELECT * FROM glob('/etc/*')"),
             std::string("SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')"),
             std::string("ATTACH '/tmp/x.db'"),
             std::string("COPY purchases TO '/tmp/x.csv'"),
             "COPY (SELECT 1) TO " + duck::sql_text(file_of(acme)),
             std::string("EXPORT DATABASE '/tmp/x'"),
             std::string("INSTALL httpfs"),
             std::string("LOAD httpfs"),
             std::string("SET lock_configuration = false"),
             std::string("SET enable_external_access = true"),
             std::string("RESET enable_external_access"),
             std::string("PRAGMA enable_external_access = true"),
             std::string("PRAGMA memory_limit = '9GB'"),
             std::string("SELECT getenv('HOME')"),
             std::string("SELECT 1; SELECT 2"),
             std::string("SELECT 1) UNION ALL SELECT * FROM (SELECT 2"),
             std::string("SELECT * FROM purchases WHERE"),
             std::string("DROP VIEW purchases"),
             std::string("DELETE FROM open_purchases"),
             std::string("CREATE TABLE t AS SELECT 1"),
             std::string("EXPLAIN ANALYZE SELECT 1"),
             std::string("CALL pragma_version()"),
             std::string(""),
             std::string(";"),
         }) {
        const auto result = shell->select(acme, hostile, 10);
        ASSERT_FALSE(result) << hostile << " was executed";
        EXPECT_EQ(result.error().code, Errc::invalid) << hostile << ": " << result.error().detail.en;
        EXPECT_EQ(result.error().detail.en.find('\n'), std::string::npos) << hostile;
    }
    const auto as_it_is_read = folder.path() / "sql" / "reading" / "acme" / lake_layout::parquet_key(acme, closed);
    const auto own =
        shell->select(acme, "SELECT count(*) > 0 FROM read_parquet(" + duck::sql_text(as_it_is_read.string()) + ")", 1);
    ASSERT_TRUE(own) << own.error().detail.en; // the same call with the shop's own file is allowed
    EXPECT_EQ(own->rows[0][0], "true");
}

TEST_F(SqlOfAShop, WritesAllRowsAsParquetWithTheirTypes)
{
    const auto file = folder.path() / "it's \"out\".parquet";
    const auto rows = shell->select_into(acme, "SELECT purchase_id, total_amount, items FROM purchases -- all;", file);
    ASSERT_TRUE(rows) << rows.error().detail.en;
    EXPECT_EQ(*rows, 60U);
    const duck::Database database({});
    duck::Connection connection(database);
    const auto read = connection.rows("SELECT count(DISTINCT purchase_id), typeof(any_value(total_amount)), "
                                      "CAST(sum(len(items)) > 60 AS VARCHAR) FROM read_parquet($1)",
                                      {file.string()});
    EXPECT_EQ(read.at(0), (duck::Row{std::int64_t{60}, std::string("DECIMAL(18,2)"), std::string("true")}));
    EXPECT_EQ(*shell->select_into(acme, "SELECT 1 AS n WHERE false", folder.path() / "empty.parquet"), 0U);
}

TEST_F(SqlOfAShop, NeitherReadsNorWritesOtherFiles)
{
    const auto file = folder.path() / "out.parquet";
    const auto other = folder.path() / "other.csv";
    for (const auto& hostile : {"COPY (SELECT 1) TO " + duck::sql_text(other.string()),
                                "SELECT 1) TO " + duck::sql_text(other.string()) + " (FORMAT csv); --",
                                std::string("SELECT * FROM read_text('/etc/passwd')"),
                                "SELECT * FROM read_parquet(" + duck::sql_text(file_of(northwind)) + ")",
                                std::string("SELECT 1; SELECT 2"), std::string("DROP VIEW purchases"), std::string()}) {
        const auto result = shell->select_into(acme, hostile, file);
        ASSERT_FALSE(result) << hostile;
        EXPECT_EQ(result.error().code, Errc::invalid) << hostile;
        EXPECT_FALSE(std::filesystem::exists(other)) << hostile;
        std::filesystem::remove(file);
    }
    EXPECT_FALSE(shell->select_into(acme, "SELECT 1", folder.path() / "no" / "folder.parquet"));
}

TEST_F(SqlOfAShop, IsInterruptedAtItsDeadline)
{
    auto hurried = options();
    hurried.scratch = folder.path() / "hurried";
    hurried.timeout = std::chrono::milliseconds(1'500);
    const auto hurried_shell = create_duckdb_lake_sql(*lake, hurried);
    for (const auto* endless :
         {"SELECT sum(range) FROM range(1000000000000)",
          "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n > 0) SELECT max(n) FROM t"}) {
        const auto feed_started = std::chrono::steady_clock::now();
        const auto result = hurried_shell->select(acme, endless, 1);
        ASSERT_FALSE(result) << endless;
        EXPECT_EQ(result.error().code, Errc::unavailable) << endless;
        EXPECT_LT(std::chrono::steady_clock::now() - feed_started, std::chrono::seconds(25)) << endless;
    }
    EXPECT_TRUE(hurried_shell->select(acme, "SELECT 1", 1));
}

} // namespace estante

// The two example queries that are published for DuckDB (deploy/aws/queries), on a lake of random purchases.
#include "adapters/duckdb/database.hpp"
#include "unit/duckdb/lake_test.hpp"

#include <iterator>

namespace estante {

class CorrectedQueries : public LakeTest {
protected:
    const duck::Database database{{}};
    duck::Connection connection{database};
    const Period january{.first = day("2026-01-01"), .last = day("2026-01-31")};

    void SetUp() override
    {
        for (int i = 0; i < 300; ++i) // some in February, some of another shop
            sell_quickly(i % 5 ? acme : TenantId{"northwind"}, random_purchase(day("2026-01-20"), 20));
        const auto files = (folder.path() / "lake" / "*/purchases/*/*/*/*.json.gz").string();
        connection.run("CREATE TABLE purchases AS SELECT * FROM read_json(" + duck::sql_text(files) +
                       ", hive_partitioning = true, hive_types = {'year': VARCHAR, 'month': VARCHAR, 'day': VARCHAR})");
        connection.run("CREATE TABLE books (tenant_id VARCHAR, book_id VARCHAR, title VARCHAR, category VARCHAR)");
        for (std::uint8_t i = 0; i < 41; ++i) {
            const auto id = BookId::from({.time_ms = 2, .entropy = {i}});
            const auto category = "Novela " + std::to_string(i % 3);
            reference.put_entry(acme, id, {category, {}});
            for (const std::string shop : {"acme", "northwind"})
                connection.run("INSERT INTO books VALUES ($1, $2, 'T', $3)", {shop, id.value, category});
        }
    }

    std::vector<duck::Row> ask(const std::string& file, const std::vector<duck::SqlParameter>& values)
    {
        std::ifstream in(std::string(ESTANTE_SOURCE_DIR) + "/deploy/aws/queries/" + file);
        const std::string sql{std::istreambuf_iterator<char>(in), {}};
        EXPECT_FALSE(sql.empty()) << file;
        return connection.rows("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (" + sql + ")", values);
    }
};

TEST_F(CorrectedQueries, SumAMonthOfOneShop)
{
    const auto rows = ask("totals.duckdb.sql", {"2026", "01", "acme"});
    const auto expected = *run(reference.totals(acme, january));
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(duck::text(rows[0], 0), "acme");
    EXPECT_EQ(duck::text(rows[0], 1), std::to_string(expected.purchases));
    EXPECT_EQ(duck::text(rows[0], 2), to_string(Money{expected.revenue_cents}));
    EXPECT_GT(expected.purchases, 50U);
}

TEST_F(CorrectedQueries, RankTheFiveBestsellersOfEachCategory)
{
    const auto rows = ask("top_books.duckdb.sql", {"2026", "01", "acme", "acme"});
    const auto expected = *run(reference.top_books(acme, january, true, 5));
    ASSERT_EQ(rows.size(), expected.size());
    EXPECT_EQ(rows.size(), 15U);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        EXPECT_EQ(duck::text(rows[i], 0), expected[i].category);
        EXPECT_EQ(duck::text(rows[i], 2), std::to_string(expected[i].items));
        EXPECT_EQ(duck::text(rows[i], 3), to_string(Money{expected[i].revenue_cents}));
        EXPECT_EQ(duck::text(rows[i], 4), std::to_string(expected[i].rank));
    }
}

} // namespace estante

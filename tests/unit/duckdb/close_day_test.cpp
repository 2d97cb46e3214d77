#include "adapters/duckdb/database.hpp"
#include "adapters/duckdb/duckdb_tables.hpp"
#include "adapters/duckdb/shop_lake.hpp"
#include "processors/lake/close_day.hpp"
#include "processors/lake/closed_days.hpp"
#include "support/ports.hpp"
#include "unit/duckdb/lake_test.hpp"

#include <fstream>
#include <functional>

namespace estante {

class CloseDay : public LakeTest {
protected:
    std::unique_ptr<LakeTables> tables =
        create_duckdb_lake_tables(*lake, {.scratch = folder.path() / "tables", .memory_mb = 128});
    std::unique_ptr<Analytics> analytics = create_duckdb_analytics(*lake, options());
    const Day friday = day("2026-01-30");
    const Period january{.first = day("2026-01-28"), .last = day("2026-02-02")};
    const std::int64_t now_ms = first_ms(day("2026-02-10"));
    ManualClock clock{now_ms};
    int attempt = 0;

    void SetUp() override
    {
        for (int i = 0; i < 300; ++i)
            sell_quickly(acme, random_purchase(january.first, 6));
    }

    Result<CloseResult> close(Day closing)
    {
        return run(close_day(*lake, *tables, acme, closing, "attempt" + std::to_string(++attempt), clock,
                             folder.path() / "tables"));
    }

    bool is_closed(Day asked) { return run(closed_days(*lake, acme))->days.contains(asked); }
};

TEST_F(CloseDay, DoesNotChangeReports)
{
    ASSERT_EQ(*close(friday), CloseResult::closed);
    ASSERT_EQ(*close(day("2026-02-01")), CloseResult::closed);
    EXPECT_EQ(*close(friday), CloseResult::nothing);
    expect_equal(*analytics, acme, january);
    EXPECT_TRUE(reported.empty());
}

TEST_F(CloseDay, ReadsAClosedDayOnlyFromItsParquet)
{
    ASSERT_TRUE(run(analytics->totals(acme, january))); // the day's JSON is cached when the day is closed
    ASSERT_EQ(*close(friday), CloseResult::closed);
    std::filesystem::remove_all(folder.path() / "lake" / lake_layout::purchases_prefix(acme, friday));
    expect_equal(*analytics, acme, january);
}

TEST_F(CloseDay, ReopensADayForALateSaleAndClosesItAgain)
{
    ASSERT_EQ(*close(friday), CloseResult::closed);
    ASSERT_TRUE(run(analytics->totals(acme, january)));
    EXPECT_TRUE(*run(reopen_day(*lake, acme, friday)));
    expect_equal(*analytics, acme, january);
    sell(acme, random_purchase(friday, 1));
    EXPECT_FALSE(*run(reopen_day(*lake, acme, friday)));
    expect_equal(*analytics, acme, january);
    ASSERT_EQ(*close(friday), CloseResult::closed);
    expect_equal(*analytics, acme, january);
}

TEST_F(CloseDay, LeavesADayOpenThatIsWrittenToDuringClosing)
{
    ASSERT_TRUE(*run(acquire_day_lease(*lake, acme, friday, "first", now_ms)));
    EXPECT_FALSE(*run(acquire_day_lease(*lake, acme, friday, "second", now_ms)));
    EXPECT_EQ(*close(friday), CloseResult::busy);
    sell(acme, random_purchase(friday, 1));
    EXPECT_TRUE(*run(reopen_day(*lake, acme, friday)));
    EXPECT_FALSE(*run(commit_closed_day(*lake, acme, friday, "first", now_ms)));
    EXPECT_FALSE(is_closed(friday));
    EXPECT_EQ(*close(friday), CloseResult::closed);
    expect_equal(*analytics, acme, january);
}

TEST_F(CloseDay, ContinuesAfterTheLeaseOfADeadCloser)
{
    ASSERT_TRUE(*run(acquire_day_lease(*lake, acme, friday, "dead", now_ms - lake_lease_duration.count())));
    EXPECT_FALSE(*run(commit_closed_day(*lake, acme, friday, "dead", now_ms)));
    EXPECT_EQ(*close(friday), CloseResult::closed);
}

TEST_F(CloseDay, LeavesADayOpenAndNamesItsDamagedObject)
{
    const auto key = lake_layout::purchases_prefix(acme, friday) + "purchase_cut.json.gz";
    put_object(key, "\x1f\x8b");
    const auto closing = close(friday);
    ASSERT_FALSE(closing);
    EXPECT_NE(closing.error().detail.en.find(key), std::string::npos) << closing.error().detail.en;
    EXPECT_FALSE(is_closed(friday));
    ASSERT_TRUE(run(lake->remove(key)));
    EXPECT_EQ(*close(friday), CloseResult::closed); // the failed attempt released its lease
}

TEST_F(CloseDay, ReadsADayWithADamagedParquetFromTheJsonAndLogsIt)
{
    ASSERT_EQ(*close(friday), CloseResult::closed);
    ASSERT_EQ(*close(january.first), CloseResult::closed);
    const auto file = folder.path() / "lake" / lake_layout::parquet_key(acme, friday);
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    expect_equal(*analytics, acme, january);
    ASSERT_EQ(reported.size(), 1U);
    EXPECT_NE(reported[0].find(lake_layout::parquet_key(acme, friday) + " is damaged"), std::string::npos)
        << reported[0];
}

TEST_F(CloseDay, ReadsTopBooksAndAuthorsOfClosedDaysOnlyFromTheSalesByBook)
{
    for (auto closing = january.first; closing <= january.last; closing += std::chrono::days(1))
        ASSERT_EQ(*close(closing), CloseResult::closed);
    std::filesystem::remove_all(folder.path() / "lake" / "acme" / "purchases");
    std::filesystem::remove_all(folder.path() / "lake" / "acme" / "purchases_parquet");
    EXPECT_EQ(*run(analytics->top_books(acme, january, false, 100)),
              *run(reference.top_books(acme, january, false, 100)));
    EXPECT_EQ(*run(analytics->authors(acme, january, 100)), *run(reference.authors(acme, january, 100)));
    EXPECT_TRUE(reported.empty());
    EXPECT_EQ(run(analytics->totals(acme, january))->purchases, 0U); // totals need the removed purchases
}

TEST_F(CloseDay, ReadsTopBooksFromThePurchasesWhereTheSalesByBookAreMissingOrDamaged)
{
    ASSERT_EQ(*close(friday), CloseResult::closed);
    ASSERT_EQ(*close(january.first), CloseResult::closed);
    ASSERT_TRUE(run(lake->remove(lake_layout::by_book_key(acme, january.first))));
    expect_equal(*analytics, acme, january);
    EXPECT_TRUE(reported.empty());
    const auto file = folder.path() / "lake" / lake_layout::by_book_key(acme, friday);
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    expect_equal(*analytics, acme, january);
    ASSERT_EQ(reported.size(), 1U);
    EXPECT_NE(reported[0].find(lake_layout::by_book_key(acme, friday) + " is damaged"), std::string::npos)
        << reported[0];
}

// Calls a function after the files of a day are written and before they are put into the lake.
class SlowTables : public LakeTables {
public:
    SlowTables(LakeTables& tables, std::function<void()> then) : tables_(tables), then_(std::move(then)) {}

    Task<Result<std::uint64_t>> write_day(TenantId tenant, Day day, DayFiles files) override
    {
        auto count = co_await tables_.write_day(std::move(tenant), day, std::move(files));
        then_();
        co_return count;
    }
    Task<Result<std::vector<DamagedObject>>> damaged(TenantId tenant, Day day) override
    {
        return tables_.damaged(std::move(tenant), day);
    }
    Task<Result<void>> write_month(TenantId tenant, std::set<Day> days, std::filesystem::path file) override
    {
        return tables_.write_month(std::move(tenant), std::move(days), std::move(file));
    }
    Task<Result<void>> write_books(std::vector<LakeBook> books, std::filesystem::path file) override
    {
        return tables_.write_books(std::move(books), std::move(file));
    }

private:
    LakeTables& tables_;
    std::function<void()> then_;
};

TEST_F(CloseDay, DoesNotOverwriteTheFilesOfAnotherCloserAfterItsLease)
{
    const auto etag = [this] { return (*run(lake->get(lake_layout::parquet_key(acme, friday))))->etag; };
    std::string of_the_other;
    SlowTables slow(*tables, [&] {
        clock.advance(lake_lease_duration.count() + 1);
        sell(acme, random_purchase(friday, 1)); // the slow one has not seen it
        ASSERT_EQ(*close(friday), CloseResult::closed);
        of_the_other = etag();
    });
    EXPECT_EQ(*run(close_day(*lake, slow, acme, friday, "slow", clock, folder.path() / "tables")),
              CloseResult::changed);
    EXPECT_EQ(etag(), of_the_other);
    EXPECT_TRUE(is_closed(friday));
    expect_equal(*analytics, acme, january);
}

TEST_F(CloseDay, BlocksOtherClosersWithinItsLease)
{
    SlowTables slow(*tables, [&] {
        clock.advance(lake_lease_duration.count() - 1);
        EXPECT_EQ(*close(friday), CloseResult::busy);
    });
    EXPECT_EQ(*run(close_day(*lake, slow, acme, friday, "slow", clock, folder.path() / "tables")), CloseResult::closed);
    expect_equal(*analytics, acme, january);
}

TEST_F(CloseDay, LeavesNoPartialResultWhenAFileCannotBeWritten)
{
    const auto result = run(close_day(*lake, *tables, acme, friday, "full", clock, folder.path() / "no" / "folder"));
    ASSERT_FALSE(result);
    EXPECT_FALSE(is_closed(friday));
    EXPECT_FALSE(*run(lake->get(lake_layout::parquet_key(acme, friday))));
    EXPECT_FALSE(*run(lake->get(lake_layout::by_book_key(acme, friday))));
    expect_equal(*analytics, acme, january);
}

TEST_F(CloseDay, SelectsOpenDaysPastTheAllowedLateness)
{
    ASSERT_EQ(*close(friday), CloseResult::closed);
    const auto at = first_ms(day("2026-02-02")) + std::chrono::milliseconds(allowed_lateness).count();
    std::vector<Day> expected{day("2026-01-28"), day("2026-01-29"), day("2026-01-31"), day("2026-02-01")};
    EXPECT_EQ(*run(days_to_close(*lake, acme, at, 100)), expected);
    expected.pop_back();
    EXPECT_EQ(*run(days_to_close(*lake, acme, at - 1, 100)), expected);
    expected.resize(2);
    EXPECT_EQ(*run(days_to_close(*lake, acme, at, 2)), expected);
}

TEST_F(CloseDay, ReadsCategoriesAndAuthorsFromTheCatalogue)
{
    std::vector<LakeBook> books;
    for (std::uint8_t i = 0; i < 30; ++i) {
        const auto id = BookId::from({.time_ms = 2, .entropy = {i}});
        std::vector<std::string> authors{"Matute, Ana", "O'Brien " + std::to_string(i % 4)};
        if (i % 5 == 0)
            authors.clear();
        const auto category = "Novela " + std::to_string(i % 3);
        reference.put_entry(acme, id, {category, authors});
        books.push_back({.book_id = id.value,
                         .title = "T",
                         .author = authors.empty() ? "" : authors[0],
                         .authors = authors,
                         .category = category,
                         .isbn = "",
                         .price = i % 2 ? "29.99" : "",
                         .publication_year = i % 2 ? "1999" : ""});
    }
    ASSERT_TRUE(run(tables->write_books(books, folder.path() / "books.parquet")));
    ASSERT_TRUE(run(lake->put_file(lake_layout::books_key(acme), folder.path() / "books.parquet")));
    expect_equal(*analytics, acme, january);
}

TEST_F(CloseDay, AReportReadsEachFileAsItWasWhenTheReportBegan)
{
    const auto put_catalogue = [&](const std::string& title) {
        ASSERT_TRUE(run(tables->write_books({{.book_id = "book_1", .title = title}}, folder.path() / "b.parquet")));
        ASSERT_TRUE(run(lake->put_file(lake_layout::books_key(acme), folder.path() / "b.parquet")));
    };
    put_catalogue("before");
    ASSERT_EQ(*close(friday), CloseResult::closed);
    const duck::Database database({});
    duck::Connection connection(database);
    duck::create_open_purchases_table(connection);
    const auto asked = options();
    duck::ShopLake shop(*lake, acme, asked);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);

    const auto files = shop.refresh(connection, january, duck::Reading::purchases, deadline);
    const auto count = [&] {
        return duck::integer_at(connection.rows("SELECT count(*) FROM read_parquet($1)", {files.parquet.at(0)}).at(0),
                                0);
    };
    const auto purchases = count();
    put_catalogue("after");
    sell(acme, random_purchase(friday, 1));
    ASSERT_TRUE(*run(reopen_day(*lake, acme, friday)));
    ASSERT_EQ(*close(friday), CloseResult::closed);

    EXPECT_EQ(duck::text(connection.rows("SELECT title FROM read_parquet($1)", {files.books}).at(0), 0), "before");
    EXPECT_EQ(count(), purchases);
    shop.release_files();
    EXPECT_FALSE(std::filesystem::exists(files.books));
    EXPECT_FALSE(std::filesystem::exists(files.parquet.at(0)));
}

TEST_F(CloseDay, FetchesAndCachesTheParquetOfARemoteLake)
{
    ASSERT_EQ(*close(friday), CloseResult::closed);
    auto remote = options();
    remote.folder.clear();
    const auto fetching = create_duckdb_analytics(*lake, remote);
    expect_equal(*fetching, acme, january);
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "scratch" / "fetched" / "acme"));
}

TEST(TableExport, PreservesTypesAndTexts)
{
    const TemporaryFolder folder;
    const auto exports = create_duckdb_table_export({.scratch = folder.path()});
    const auto bytes = run(exports->parquet(
        {.columns = {{"title", ExportedTable::Kind::text},
                     {"copies", ExportedTable::Kind::integer},
                     {"revenue", ExportedTable::Kind::amount},
                     {"sold_at", ExportedTable::Kind::timestamp}},
         .rows = {{std::string("It's \"x\""), std::int64_t{3}, std::int64_t{2999}, std::int64_t{1'769'854'272'345}}}}));
    ASSERT_TRUE(bytes);
    std::ofstream(folder.path() / "read.parquet", std::ios::binary) << *bytes;
    const duck::Database database({});
    duck::Connection connection(database);
    const auto rows =
        connection.rows("SELECT title, copies, typeof(revenue), CAST(revenue AS VARCHAR), typeof(sold_at), "
                        "CAST(epoch_ms(sold_at) AS BIGINT) FROM read_parquet($1)",
                        {(folder.path() / "read.parquet").string()});
    const duck::Row expected{std::string("It's \"x\""), std::int64_t{3},          std::string("DECIMAL(18,2)"),
                             std::string("29.99"),      std::string("TIMESTAMP"), std::int64_t{1'769'854'272'345}};
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0], expected);
}

} // namespace estante

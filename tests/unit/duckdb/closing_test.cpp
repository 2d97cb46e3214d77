#include "adapters/duckdb/database.hpp"
#include "adapters/duckdb/duckdb_tables.hpp"
#include "processors/lake/close_day.hpp"
#include "processors/lake/closed_days.hpp"
#include "support/ports.hpp"
#include "unit/duckdb/lake_test.hpp"

#include <fstream>
#include <functional>

namespace estante {

class ClosingDays : public LakeTest {
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

    Result<Closing> close(Day closing)
    {
        return run(close_day(*lake, *tables, acme, closing, "attempt" + std::to_string(++attempt), clock,
                             folder.path() / "tables"));
    }

    bool is_closed(Day asked) { return run(closed_days(*lake, acme))->days.contains(asked); }
};

TEST_F(ClosingDays, ChangesNoAnswer)
{
    ASSERT_EQ(*close(friday), Closing::closed);
    ASSERT_EQ(*close(day("2026-02-01")), Closing::closed);
    EXPECT_EQ(*close(friday), Closing::nothing);
    expect_equal(*analytics, acme, january);
    EXPECT_TRUE(reported.empty());
}

TEST_F(ClosingDays, TakesAClosedDayFromItsParquetAlone)
{
    ASSERT_TRUE(run(analytics->totals(acme, january))); // the day's JSON is known when the day is closed
    ASSERT_EQ(*close(friday), Closing::closed);
    std::filesystem::remove_all(folder.path() / "lake" / lake_layout::purchases_prefix(acme, friday));
    expect_equal(*analytics, acme, january);
}

TEST_F(ClosingDays, ALateSaleReopensItsDayAndTheDayClosesAgain)
{
    ASSERT_EQ(*close(friday), Closing::closed);
    ASSERT_TRUE(run(analytics->totals(acme, january)));
    EXPECT_TRUE(*run(reopen_day(*lake, acme, friday)));
    expect_equal(*analytics, acme, january);
    sell(acme, random_purchase(friday, 1));
    EXPECT_FALSE(*run(reopen_day(*lake, acme, friday)));
    expect_equal(*analytics, acme, january);
    ASSERT_EQ(*close(friday), Closing::closed);
    expect_equal(*analytics, acme, january);
}

TEST_F(ClosingDays, ADayThatIsWrittenToWhileItIsBeingClosedStaysOpen)
{
    ASSERT_TRUE(*run(acquire_day_lease(*lake, acme, friday, "first", now_ms)));
    EXPECT_FALSE(*run(acquire_day_lease(*lake, acme, friday, "second", now_ms)));
    EXPECT_EQ(*close(friday), Closing::busy);
    sell(acme, random_purchase(friday, 1));
    EXPECT_TRUE(*run(reopen_day(*lake, acme, friday)));
    EXPECT_FALSE(*run(commit_closed_day(*lake, acme, friday, "first", now_ms)));
    EXPECT_FALSE(is_closed(friday));
    EXPECT_EQ(*close(friday), Closing::closed);
    expect_equal(*analytics, acme, january);
}

TEST_F(ClosingDays, ACloserThatDiedBlocksTheDayNoLongerThanItsLease)
{
    ASSERT_TRUE(*run(acquire_day_lease(*lake, acme, friday, "dead", now_ms - lake_lease_duration.count())));
    EXPECT_FALSE(*run(commit_closed_day(*lake, acme, friday, "dead", now_ms)));
    EXPECT_EQ(*close(friday), Closing::closed);
}

TEST_F(ClosingDays, ADayWithADamagedObjectStaysOpenAndTheObjectIsNamed)
{
    const auto key = lake_layout::purchases_prefix(acme, friday) + "purchase_cut.json.gz";
    put_object(key, "\x1f\x8b");
    const auto closing = close(friday);
    ASSERT_FALSE(closing);
    EXPECT_NE(closing.error().detail.en.find(key), std::string::npos) << closing.error().detail.en;
    EXPECT_FALSE(is_closed(friday));
    ASSERT_TRUE(run(lake->remove(key)));
    EXPECT_EQ(*close(friday), Closing::closed); // the failed attempt holds nothing
}

TEST_F(ClosingDays, AParquetThatIsDamagedIsNamedAndItsDayReadFromTheJson)
{
    ASSERT_EQ(*close(friday), Closing::closed);
    ASSERT_EQ(*close(january.first), Closing::closed);
    const auto file = folder.path() / "lake" / lake_layout::parquet_key(acme, friday);
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    expect_equal(*analytics, acme, january);
    ASSERT_EQ(reported.size(), 1U);
    EXPECT_NE(reported[0].find(lake_layout::parquet_key(acme, friday) + " is damaged"), std::string::npos)
        << reported[0];
}

TEST_F(ClosingDays, ReadsBestsellersAndAuthorsOfClosedDaysFromTheirSumsAlone)
{
    for (auto closing = january.first; closing <= january.last; closing += std::chrono::days(1))
        ASSERT_EQ(*close(closing), Closing::closed);
    std::filesystem::remove_all(folder.path() / "lake" / "acme" / "purchases");
    std::filesystem::remove_all(folder.path() / "lake" / "acme" / "purchases_parquet");
    EXPECT_EQ(*run(analytics->top_books(acme, january, false, 100)),
              *run(reference.top_books(acme, january, false, 100)));
    EXPECT_EQ(*run(analytics->authors(acme, january, 100)), *run(reference.authors(acme, january, 100)));
    EXPECT_TRUE(reported.empty());
    EXPECT_EQ(run(analytics->totals(acme, january))->purchases, 0U); // totals are read from what is gone
}

TEST_F(ClosingDays, ReadsBestsellersFromThePurchasesOfADayWhoseSumsAreMissingOrDamaged)
{
    ASSERT_EQ(*close(friday), Closing::closed);
    ASSERT_EQ(*close(january.first), Closing::closed);
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

// Makes a day's files, and then something happens before they are put.
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

TEST_F(ClosingDays, AnAttemptThatTookLongerThanItsLeasePutsNothingOverWhatAnotherMade)
{
    const auto etag = [this] { return (*run(lake->get(lake_layout::parquet_key(acme, friday))))->etag; };
    std::string of_the_other;
    SlowTables slow(*tables, [&] {
        clock.advance(lake_lease_duration.count() + 1);
        sell(acme, random_purchase(friday, 1)); // the slow one has not seen it
        ASSERT_EQ(*close(friday), Closing::closed);
        of_the_other = etag();
    });
    EXPECT_EQ(*run(close_day(*lake, slow, acme, friday, "slow", clock, folder.path() / "tables")), Closing::changed);
    EXPECT_EQ(etag(), of_the_other);
    EXPECT_TRUE(is_closed(friday));
    expect_equal(*analytics, acme, january);
}

TEST_F(ClosingDays, AnAttemptWithinItsLeaseIsTheOne)
{
    SlowTables slow(*tables, [&] {
        clock.advance(lake_lease_duration.count() - 1);
        EXPECT_EQ(*close(friday), Closing::busy);
    });
    EXPECT_EQ(*run(close_day(*lake, slow, acme, friday, "slow", clock, folder.path() / "tables")), Closing::closed);
    expect_equal(*analytics, acme, january);
}

TEST_F(ClosingDays, WhereTheFileCannotBeWrittenNothingIsHalfVisible)
{
    const auto answer = run(close_day(*lake, *tables, acme, friday, "full", clock, folder.path() / "no" / "folder"));
    ASSERT_FALSE(answer);
    EXPECT_FALSE(is_closed(friday));
    EXPECT_FALSE(*run(lake->get(lake_layout::parquet_key(acme, friday))));
    EXPECT_FALSE(*run(lake->get(lake_layout::by_book_key(acme, friday))));
    expect_equal(*analytics, acme, january);
}

TEST_F(ClosingDays, AreTheOpenOnesThatAreOverByTheGrace)
{
    ASSERT_EQ(*close(friday), Closing::closed);
    const auto at = first_ms(day("2026-02-02")) + std::chrono::milliseconds(allowed_lateness).count();
    std::vector<Day> expected{day("2026-01-28"), day("2026-01-29"), day("2026-01-31"), day("2026-02-01")};
    EXPECT_EQ(*run(days_to_close(*lake, acme, at, 100)), expected);
    expected.pop_back();
    EXPECT_EQ(*run(days_to_close(*lake, acme, at - 1, 100)), expected);
    expected.resize(2);
    EXPECT_EQ(*run(days_to_close(*lake, acme, at, 2)), expected);
}

TEST_F(ClosingDays, BooksGiveReportsTheirCategoriesAndAuthors)
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

TEST_F(ClosingDays, OfALakeThatIsNotInFilesHereAreFetchedAndKept)
{
    ASSERT_EQ(*close(friday), Closing::closed);
    auto remote = options();
    remote.folder.clear();
    const auto fetching = create_duckdb_analytics(*lake, remote);
    expect_equal(*fetching, acme, january);
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "scratch" / "fetched" / "acme"));
}

TEST(TableExports, KeepTheirTypesAndTheirTexts)
{
    const TemporaryFolder folder;
    const auto exports = create_duckdb_table_export({.scratch = folder.path()});
    const auto bytes = run(exports->parquet(
        {.columns = {{"title", ExportedTable::Kind::text},
                     {"copies", ExportedTable::Kind::whole},
                     {"revenue", ExportedTable::Kind::amount},
                     {"sold_at", ExportedTable::Kind::moment}},
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

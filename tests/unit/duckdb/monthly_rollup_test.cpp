#include "adapters/duckdb/duckdb_tables.hpp"
#include "processors/lake/close_day.hpp"
#include "processors/lake/closed_days.hpp"
#include "processors/lake/monthly_rollup.hpp"
#include "support/failing_objects.hpp"
#include "support/ports.hpp"
#include "unit/duckdb/lake_test.hpp"

#include <utility>

namespace estante {

class MonthlyRollup : public LakeTest {
protected:
    FailingObjects failing{*lake};
    std::unique_ptr<LakeTables> tables =
        create_duckdb_lake_tables(failing, {.scratch = folder.path() / "tables", .memory_mb = 128});
    std::unique_ptr<Analytics> analytics = create_duckdb_analytics(failing, options());
    const Month month = month_of(day("2026-01-01"));
    const Day friday = day("2026-01-30");
    const Period january = days_in(month);
    const Period winter{.first = day("2025-12-20"), .last = day("2026-02-05")};
    const std::int64_t now_ms = first_ms(day("2026-02-10"));
    ManualClock clock{now_ms};
    int attempt = 0;

    void SetUp() override
    {
        for (int i = 0; i < 300; ++i)
            sell_quickly(acme, random_purchase(day("2026-01-27"), 8));
    }

    std::string next_name() { return "attempt" + std::to_string(100 + ++attempt); }
    Result<CloseResult> close(Day closing)
    {
        return run(close_day(failing, *tables, acme, closing, next_name(), clock, folder.path() / "tables"));
    }
    void close_january()
    {
        for (auto closing = day("2026-01-27"); closing <= january.last; closing += std::chrono::days(1))
            ASSERT_EQ(*close(closing), CloseResult::closed);
    }
    Result<RollupResult> sum()
    {
        return run(roll_up_month(failing, *tables, acme, month, next_name(), now_ms, folder.path() / "tables"));
    }
    lake_layout::ClosedDays list() { return *run(closed_days(*lake, acme)); }
    std::vector<std::string> files()
    {
        std::vector<std::string> keys;
        for (const ObjectInfo& info : run(lake->list("acme/purchases_by_month/", std::nullopt, 1000))->objects)
            keys.push_back(info.key);
        return keys;
    }
    void remove_from_lake(std::string_view kind)
    {
        std::filesystem::remove_all(folder.path() / "lake" / "acme" / kind);
    }
    void expect_bestsellers(const Period& period)
    {
        EXPECT_EQ(*run(analytics->top_books(acme, period, false, 100)),
                  *run(reference.top_books(acme, period, false, 100)));
        EXPECT_EQ(*run(analytics->authors(acme, period, 100)), *run(reference.authors(acme, period, 100)));
    }
};

TEST_F(MonthlyRollup, DoesNotChangeReports)
{
    close_january();
    EXPECT_EQ(*sum(), RollupResult::summed);
    EXPECT_EQ(*sum(), RollupResult::nothing);
    expect_equal(*analytics, acme, winter);
    expect_equal(*analytics, acme, january);
    expect_equal(*analytics, acme, {.first = day("2026-01-28"), .last = friday});
    EXPECT_TRUE(reported.empty());
}

TEST_F(MonthlyRollup, ReadsACompleteMonthOnlyFromItsRollup)
{
    close_january();
    ASSERT_EQ(*sum(), RollupResult::summed);
    for (const auto* kind : {"purchases", "purchases_parquet", "purchases_by_book"})
        remove_from_lake(kind);
    expect_bestsellers(
        {.first = day("2026-01-27"), .last = january.last}); // all of its closed days: the other days have no sales
    expect_bestsellers(january);
    EXPECT_TRUE(reported.empty());
    EXPECT_TRUE(run(analytics->top_books(acme, {.first = day("2026-01-28"), .last = january.last}, false, 9))->empty());
}

TEST_F(MonthlyRollup, SelectsMonthsPastTheAllowedLatenessWithClosedDaysAndWithoutRollup)
{
    const auto grace_ms = std::chrono::milliseconds(allowed_lateness).count();
    EXPECT_TRUE(run(months_to_roll_up(*lake, acme, now_ms))->empty());
    ASSERT_EQ(*close(friday), CloseResult::closed);
    ASSERT_EQ(*close(day("2026-02-01")), CloseResult::closed);
    EXPECT_TRUE(run(months_to_roll_up(*lake, acme, first_ms(day("2026-02-01")) + grace_ms - 1))->empty());
    EXPECT_EQ(*run(months_to_roll_up(*lake, acme, first_ms(day("2026-02-01")) + grace_ms)), std::vector{month});
    ASSERT_EQ(*sum(), RollupResult::summed);
    EXPECT_TRUE(run(months_to_roll_up(*lake, acme, now_ms))->empty());
}

TEST_F(MonthlyRollup, InvalidatesTheRollupInTheWriteThatReopensADay)
{
    close_january();
    ASSERT_EQ(*sum(), RollupResult::summed);
    EXPECT_TRUE(*run(reopen_day(*lake, acme, friday)));
    EXPECT_TRUE(list().months.empty());
    sell(acme, random_purchase(friday, 1));
    expect_equal(*analytics, acme, winter);

    ASSERT_EQ(*close(friday), CloseResult::closed);
    expect_equal(*analytics, acme, winter);
    const auto before = files();
    EXPECT_EQ(*sum(), RollupResult::summed);
    expect_equal(*analytics, acme, winter);
    EXPECT_EQ(files().size(), 1U); // the older rollup was removed
    EXPECT_NE(files(), before);
}

TEST_F(MonthlyRollup, InvalidatesTheRollupWhenAnotherDayIsClosed)
{
    ASSERT_EQ(*close(friday), CloseResult::closed);
    ASSERT_EQ(*sum(), RollupResult::summed);
    expect_equal(*analytics, acme, winter); // the open days come from the JSON
    ASSERT_EQ(*close(january.last), CloseResult::closed);
    EXPECT_TRUE(list().months.empty());
    expect_equal(*analytics, acme, winter);
    ASSERT_EQ(*sum(), RollupResult::summed);
    expect_equal(*analytics, acme, winter);
}

TEST_F(MonthlyRollup, DiscardsARollupOfDaysThatChangedMeanwhile)
{
    for (const bool reopened : {true, false}) {
        if (!list().days.contains(friday))
            ASSERT_EQ(*close(friday), CloseResult::closed);
        // While the rollup is put, the day is reopened and closed again, or another day is closed.
        bool is_first = true;
        failing.before_write = [&](const std::string& key) {
            if (!key.contains("/purchases_by_month/") || !std::exchange(is_first, false))
                return;
            if (reopened) {
                ASSERT_TRUE(*run(reopen_day(*lake, acme, friday)));
                sell(acme, random_purchase(friday, 1));
                ASSERT_EQ(*close(friday), CloseResult::closed);
            } else {
                ASSERT_EQ(*close(january.last), CloseResult::closed);
            }
        };
        EXPECT_EQ(*sum(), RollupResult::changed);
        EXPECT_FALSE(is_first);
        EXPECT_TRUE(list().months.empty());
        EXPECT_TRUE(list().summing.empty());
        EXPECT_TRUE(files().empty());
        expect_equal(*analytics, acme, winter);
    }
    failing.before_write = [](const std::string&) {};
    EXPECT_EQ(*sum(), RollupResult::summed);
    expect_equal(*analytics, acme, winter);
}

// After the reader has read the list and before it reads a file, the month is reopened, closed with one more day and
// rolled up again. A rollup of another set of days would count that day twice.
TEST_F(MonthlyRollup, AReaderWithAnOlderListDoesNotReadANewerRollup)
{
    ASSERT_EQ(*close(friday), CloseResult::closed);
    ASSERT_EQ(*sum(), RollupResult::summed);
    const auto bestsellers = *run(reference.top_books(acme, winter, false, 100));
    std::size_t lists_read = 0;
    failing.before_read = [&](const std::string& key) {
        // The first JSON object of an open day is read after the list.
        if (!key.starts_with("acme/purchases/") || ++lists_read != 1)
            return;
        ASSERT_EQ(*close(january.last), CloseResult::closed);
        ASSERT_EQ(*sum(), RollupResult::summed);
    };
    EXPECT_EQ(*run(analytics->top_books(acme, winter, false, 100)), bestsellers);
    EXPECT_GT(lists_read, 1U);
    EXPECT_EQ(list().days.size(), 2U);
    EXPECT_TRUE(reported.empty());
    EXPECT_EQ(*run(analytics->top_books(acme, winter, false, 100)), bestsellers);
}

TEST_F(MonthlyRollup, ContinuesAfterTheLeaseOfADeadRollupAndRemovesItsFile)
{
    ASSERT_EQ(*close(friday), CloseResult::closed);
    ASSERT_FALSE(
        run(acquire_month_lease(*lake, acme, month, "attempt000", now_ms - lake_lease_duration.count() + 1))->empty());
    put_object(lake_layout::by_month_key(acme, month, "attempt000"), "half");
    EXPECT_EQ(*sum(), RollupResult::nothing);
    expect_equal(*analytics, acme, winter);
    EXPECT_TRUE(run(acquire_month_lease(*lake, acme, month, "another", now_ms))->empty());
    const auto later =
        run(roll_up_month(failing, *tables, acme, month, "attempt001", now_ms + 1, folder.path() / "tables"));
    EXPECT_EQ(*later, RollupResult::summed);
    EXPECT_FALSE(*run(commit_month_rollup(*lake, acme, month, "attempt000", now_ms)));
    EXPECT_EQ(files(), std::vector{lake_layout::by_month_key(acme, month, "attempt001")});
    expect_equal(*analytics, acme, winter);
}

TEST_F(MonthlyRollup, LeavesNoPartialResultWhicheverWriteFailsAndTheNextRunSucceeds)
{
    close_january();
    const auto bestsellers = *run(reference.top_books(acme, winter, false, 100));
    std::size_t failures = 0;
    for (std::size_t writes = 0;; ++writes) {
        failing.fail_after(writes);
        const auto summed = sum();
        const bool listed = list().months.contains(month);
        failing.recover();
        EXPECT_EQ(*run(analytics->top_books(acme, winter, false, 100)), bestsellers) << writes;
        if (summed) {
            EXPECT_TRUE(listed);
            break;
        }
        ++failures;
        EXPECT_FALSE(listed) << writes;
        ASSERT_LT(writes, 10U);
        // A rollup that could not release its lease blocks the month until the lease ends; the test releases it.
        if (const auto running = list().summing; running.contains(month))
            ASSERT_TRUE(run(release_month_lease(*lake, acme, month, running.at(month).by)));
    }
    EXPECT_EQ(failures, 3U); // the lease, the file, the list
    EXPECT_TRUE(*run(reopen_day(*lake, acme, friday)));
    ASSERT_EQ(*close(friday), CloseResult::closed);
    ASSERT_EQ(*sum(), RollupResult::summed);
    EXPECT_EQ(files().size(), 1U); // those of failed attempts were removed
    EXPECT_TRUE(reported.empty());
}

TEST_F(MonthlyRollup, ReadsDayByDayWhereTheRollupIsMissingOrDamaged)
{
    close_january();
    ASSERT_EQ(*sum(), RollupResult::summed);
    const auto file = folder.path() / "lake" / files().at(0);
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    expect_equal(*analytics, acme, winter);
    ASSERT_EQ(reported.size(), 1U);
    EXPECT_NE(reported[0].find("its days are read one by one"), std::string::npos) << reported[0];
    std::filesystem::remove(file);
    expect_equal(*analytics, acme, winter);
    EXPECT_EQ(reported.size(), 1U);
}

TEST_F(MonthlyRollup, SumsADayWithoutSalesByBookFromItsPurchases)
{
    close_january();
    ASSERT_TRUE(run(lake->remove(lake_layout::by_book_key(acme, friday))));
    EXPECT_EQ(*sum(), RollupResult::summed);
    remove_from_lake("purchases_by_book");
    remove_from_lake("purchases_parquet");
    expect_bestsellers(january);
}

TEST_F(MonthlyRollup, FailsAndNamesADamagedFileOfADay)
{
    close_january();
    const auto key = lake_layout::by_book_key(acme, friday);
    const auto file = folder.path() / "lake" / key;
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    const auto summed = sum();
    ASSERT_FALSE(summed);
    EXPECT_NE(summed.error().detail.en.find(key), std::string::npos) << summed.error().detail.en;
    EXPECT_TRUE(list().summing.empty());
    EXPECT_TRUE(list().months.empty());
}

TEST_F(MonthlyRollup, TheListRoundTrips)
{
    lake_layout::ClosedDays days{.days = {friday, january.last},
                                 .months = {{month, "one"}},
                                 .closing = {{day("2026-02-01"), {.by = "two", .until_ms = 3, .broken = true}}},
                                 .summing = {{month_of(day("2025-12-01")), {.by = "four", .until_ms = 5}}}};
    EXPECT_EQ(lake_layout::ClosedDays::parse(days.text()), days);
    for (const auto* damaged : {R"({"days":[],"months":1})", R"({"days":[],"months":[{"month":"2026-13","file":"f"}]})",
                                R"({"days":[],"summing":[1]})", R"({"days":[],"closing":[{"day":"2026-02-30"}]})",
                                R"({"months":[]})", R"({"days":["2026-02-30"]})", "[]"})
        EXPECT_FALSE(lake_layout::ClosedDays::parse(damaged)) << damaged;
}

} // namespace estante

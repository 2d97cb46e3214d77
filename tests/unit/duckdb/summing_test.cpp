#include "adapters/duckdb/duckdb_tables.hpp"
#include "processors/lake/close_day.hpp"
#include "processors/lake/closed_days.hpp"
#include "processors/lake/monthly_rollup.hpp"
#include "support/failing_objects.hpp"
#include "support/ports.hpp"
#include "unit/duckdb/lake_test.hpp"

#include <utility>

namespace estante {

class SummingMonths : public LakeTest {
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
    Result<Closing> close(Day closing)
    {
        return run(close_day(failing, *tables, acme, closing, next_name(), clock, folder.path() / "tables"));
    }
    void close_january()
    {
        for (auto closing = day("2026-01-27"); closing <= january.last; closing += std::chrono::days(1))
            ASSERT_EQ(*close(closing), Closing::closed);
    }
    Result<Summing> sum()
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

TEST_F(SummingMonths, ChangesNoAnswer)
{
    close_january();
    EXPECT_EQ(*sum(), Summing::summed);
    EXPECT_EQ(*sum(), Summing::nothing);
    expect_equal(*analytics, acme, winter);
    expect_equal(*analytics, acme, january);
    expect_equal(*analytics, acme, {.first = day("2026-01-28"), .last = friday});
    EXPECT_TRUE(reported.empty());
}

TEST_F(SummingMonths, ReadsAMonthThatIsAskedForWholeFromItsOneFileAlone)
{
    close_january();
    ASSERT_EQ(*sum(), Summing::summed);
    for (const auto* kind : {"purchases", "purchases_parquet", "purchases_by_book"})
        remove_from_lake(kind);
    expect_bestsellers({.first = day("2026-01-27"), .last = january.last}); // all of its closed days: the rest has none
    expect_bestsellers(january);
    EXPECT_TRUE(reported.empty());
    EXPECT_TRUE(run(analytics->top_books(acme, {.first = day("2026-01-28"), .last = january.last}, false, 9))->empty());
}

TEST_F(SummingMonths, AreThoseThatAreOverByTheGraceAndHaveClosedDaysAndNoSums)
{
    const auto grace_ms = std::chrono::milliseconds(allowed_lateness).count();
    EXPECT_TRUE(run(months_to_roll_up(*lake, acme, now_ms))->empty());
    ASSERT_EQ(*close(friday), Closing::closed);
    ASSERT_EQ(*close(day("2026-02-01")), Closing::closed);
    EXPECT_TRUE(run(months_to_roll_up(*lake, acme, first_ms(day("2026-02-01")) + grace_ms - 1))->empty());
    EXPECT_EQ(*run(months_to_roll_up(*lake, acme, first_ms(day("2026-02-01")) + grace_ms)), std::vector{month});
    ASSERT_EQ(*sum(), Summing::summed);
    EXPECT_TRUE(run(months_to_roll_up(*lake, acme, now_ms))->empty());
}

TEST_F(SummingMonths, ALateSaleTakesTheSumsOutOfUseInTheWriteThatReopensItsDay)
{
    close_january();
    ASSERT_EQ(*sum(), Summing::summed);
    EXPECT_TRUE(*run(reopen_day(*lake, acme, friday)));
    EXPECT_TRUE(list().months.empty());
    sell(acme, random_purchase(friday, 1));
    expect_equal(*analytics, acme, winter);

    ASSERT_EQ(*close(friday), Closing::closed);
    expect_equal(*analytics, acme, winter);
    const auto before = files();
    EXPECT_EQ(*sum(), Summing::summed);
    expect_equal(*analytics, acme, winter);
    EXPECT_EQ(files().size(), 1U); // the older one is gone
    EXPECT_NE(files(), before);
}

TEST_F(SummingMonths, ADayThatIsClosedLaterTakesTheSumsOutOfUseToo)
{
    ASSERT_EQ(*close(friday), Closing::closed);
    ASSERT_EQ(*sum(), Summing::summed);
    expect_equal(*analytics, acme, winter); // the open days come from the JSON
    ASSERT_EQ(*close(january.last), Closing::closed);
    EXPECT_TRUE(list().months.empty());
    expect_equal(*analytics, acme, winter);
    ASSERT_EQ(*sum(), Summing::summed);
    expect_equal(*analytics, acme, winter);
}

TEST_F(SummingMonths, SumsOfDaysThatChangedMeanwhileAreNotUsed)
{
    for (const bool reopened : {true, false}) {
        if (!list().days.contains(friday))
            ASSERT_EQ(*close(friday), Closing::closed);
        // The day is reopened and closed again, or another day closed, while the sums are put.
        bool idempotency = true;
        failing.before_write = [&](const std::string& key) {
            if (!key.contains("/purchases_by_month/") || !std::exchange(idempotency, false))
                return;
            if (reopened) {
                ASSERT_TRUE(*run(reopen_day(*lake, acme, friday)));
                sell(acme, random_purchase(friday, 1));
                ASSERT_EQ(*close(friday), Closing::closed);
            } else {
                ASSERT_EQ(*close(january.last), Closing::closed);
            }
        };
        EXPECT_EQ(*sum(), Summing::changed);
        EXPECT_FALSE(idempotency);
        EXPECT_TRUE(list().months.empty());
        EXPECT_TRUE(list().summing.empty());
        EXPECT_TRUE(files().empty());
        expect_equal(*analytics, acme, winter);
    }
    failing.before_write = [](const std::string&) {};
    EXPECT_EQ(*sum(), Summing::summed);
    expect_equal(*analytics, acme, winter);
}

// The reader has read the list; then the month is reopened, closed with one day more and summed anew, all before it
// reads a file: sums of another set of days would count that day twice.
TEST_F(SummingMonths, AReaderWithAnOlderListNeverReadsNewerSums)
{
    ASSERT_EQ(*close(friday), Closing::closed);
    ASSERT_EQ(*sum(), Summing::summed);
    const auto bestsellers = *run(reference.top_books(acme, winter, false, 100));
    std::size_t lists_read = 0;
    failing.before_read = [&](const std::string& key) {
        // The first JSON object of an open day is read after the list.
        if (!key.starts_with("acme/purchases/") || ++lists_read != 1)
            return;
        ASSERT_EQ(*close(january.last), Closing::closed);
        ASSERT_EQ(*sum(), Summing::summed);
    };
    EXPECT_EQ(*run(analytics->top_books(acme, winter, false, 100)), bestsellers);
    EXPECT_GT(lists_read, 1U);
    EXPECT_EQ(list().days.size(), 2U);
    EXPECT_TRUE(reported.empty());
    EXPECT_EQ(*run(analytics->top_books(acme, winter, false, 100)), bestsellers);
}

TEST_F(SummingMonths, OneThatDiedHoldsTheMonthNoLongerThanItsLeaseAndItsFileGoes)
{
    ASSERT_EQ(*close(friday), Closing::closed);
    ASSERT_FALSE(
        run(acquire_month_lease(*lake, acme, month, "attempt000", now_ms - lake_lease_duration.count() + 1))->empty());
    put_object(lake_layout::by_month_key(acme, month, "attempt000"), "half");
    EXPECT_EQ(*sum(), Summing::nothing);
    expect_equal(*analytics, acme, winter);
    EXPECT_TRUE(run(acquire_month_lease(*lake, acme, month, "another", now_ms))->empty());
    const auto later =
        run(roll_up_month(failing, *tables, acme, month, "attempt001", now_ms + 1, folder.path() / "tables"));
    EXPECT_EQ(*later, Summing::summed);
    EXPECT_FALSE(*run(commit_month_rollup(*lake, acme, month, "attempt000", now_ms)));
    EXPECT_EQ(files(), std::vector{lake_layout::by_month_key(acme, month, "attempt001")});
    expect_equal(*analytics, acme, winter);
}

TEST_F(SummingMonths, WhateverWriteFailsNothingIsHalfVisibleAndTheNextRunMends)
{
    close_january();
    const auto bestsellers = *run(reference.top_books(acme, winter, false, 100));
    std::size_t failures = 0;
    for (std::size_t writes = 0;; ++writes) {
        failing.fail_after(writes);
        const auto summed = sum();
        const bool listed = list().months.contains(month);
        failing.mend();
        EXPECT_EQ(*run(analytics->top_books(acme, winter, false, 100)), bestsellers) << writes;
        if (summed) {
            EXPECT_TRUE(listed);
            break;
        }
        ++failures;
        EXPECT_FALSE(listed) << writes;
        ASSERT_LT(writes, 10U);
        // What could not give up holds the month until its lease ends; the test does not wait for that.
        if (const auto running = list().summing; running.contains(month))
            ASSERT_TRUE(run(release_month_lease(*lake, acme, month, running.at(month).by)));
    }
    EXPECT_EQ(failures, 3U); // the note, the file, the list
    EXPECT_TRUE(*run(reopen_day(*lake, acme, friday)));
    ASSERT_EQ(*close(friday), Closing::closed);
    ASSERT_EQ(*sum(), Summing::summed);
    EXPECT_EQ(files().size(), 1U); // those of failed attempts are gone
    EXPECT_TRUE(reported.empty());
}

TEST_F(SummingMonths, SumsThatAreMissingOrDamagedAreReadDayByDay)
{
    close_january();
    ASSERT_EQ(*sum(), Summing::summed);
    const auto file = folder.path() / "lake" / files().at(0);
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    expect_equal(*analytics, acme, winter);
    ASSERT_EQ(reported.size(), 1U);
    EXPECT_NE(reported[0].find("its days are read one by one"), std::string::npos) << reported[0];
    std::filesystem::remove(file);
    expect_equal(*analytics, acme, winter);
    EXPECT_EQ(reported.size(), 1U);
}

TEST_F(SummingMonths, ADayThatWasClosedWithoutSumsIsSummedFromItsPurchases)
{
    close_january();
    ASSERT_TRUE(run(lake->remove(lake_layout::by_book_key(acme, friday))));
    EXPECT_EQ(*sum(), Summing::summed);
    remove_from_lake("purchases_by_book");
    remove_from_lake("purchases_parquet");
    expect_bestsellers(january);
}

TEST_F(SummingMonths, ADamagedFileOfADayIsNamedAndItsMonthHasNoSums)
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

TEST_F(SummingMonths, TheListKeepsEverythingThatItSays)
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

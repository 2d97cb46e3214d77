// Days and months of a lake in S3: closed, rolled up, reopened and rolled up again. Reports stay the same.
#include "adapters/duckdb/duckdb_tables.hpp"
#include "processors/lake/close_day.hpp"
#include "processors/lake/closed_days.hpp"
#include "processors/lake/monthly_rollup.hpp"
#include "s3/s3_engines.hpp"
#include "support/failing_objects.hpp"
#include "support/ports.hpp"
#include "unit/duckdb/lake_test.hpp"

namespace estante {
namespace {

class LakeDaysInS3 : public LakeTest, public testing::WithParamInterface<std::string> {
protected:
    S3UnderTest engine{GetParam()};
    FailingObjects failing{engine.objects()};
    std::unique_ptr<LakeTables> tables =
        create_duckdb_lake_tables(failing, {.scratch = folder.path() / "tables", .memory_mb = 128});
    std::unique_ptr<Analytics> analytics = create_duckdb_analytics(engine.objects(), [this] {
        auto fetching = options();
        fetching.folder.clear();
        return fetching;
    }());
    const Day friday = day("2026-01-30");
    const Month january = month_of(friday);
    const Period days{.first = day("2026-01-29"), .last = day("2026-02-01")};
    const std::int64_t now_ms = first_ms(day("2026-02-10"));
    ManualClock clock{now_ms};
    int attempt = 100;

    void SetUp() override
    {
        lake = std::make_unique<FailingObjects>(engine.objects());
        for (int i = 0; i < 24; ++i)
            sell(acme, random_purchase(days.first, 4));
    }
    Result<CloseResult> close(Day closing)
    {
        return run(
            close_day(failing, *tables, acme, closing, std::to_string(++attempt), clock, folder.path() / "tables"));
    }
    Result<RollupResult> sum()
    {
        return run(roll_up_month(failing, *tables, acme, january, std::to_string(++attempt), now_ms,
                                 folder.path() / "tables"));
    }
    void expect_bestsellers()
    {
        EXPECT_EQ(*run(analytics->top_books(acme, days, false, 100)),
                  *run(reference.top_books(acme, days, false, 100)));
        EXPECT_EQ(*run(analytics->totals(acme, days)), *run(reference.totals(acme, days)));
    }
    std::size_t month_files()
    {
        return run(engine.objects().list(lake_layout::by_month_prefix(acme, january), std::nullopt, 10))
            ->objects.size();
    }
};

TEST_P(LakeDaysInS3, AreRolledUpByMonthReopenedByALateSaleAndRolledUpAgain)
{
    for (auto closing = days.first; closing <= days.last; closing += std::chrono::days(1))
        ASSERT_EQ(*close(closing), CloseResult::closed);
    ASSERT_EQ(*sum(), RollupResult::summed);
    expect_bestsellers();

    EXPECT_TRUE(*run(reopen_day(engine.objects(), acme, friday)));
    EXPECT_TRUE(run(closed_days(engine.objects(), acme))->months.empty());
    sell(acme, random_purchase(friday, 1));
    expect_bestsellers();
    ASSERT_EQ(*close(friday), CloseResult::closed);
    ASSERT_EQ(*sum(), RollupResult::summed);
    expect_bestsellers();
    EXPECT_EQ(month_files(), 1U);
    EXPECT_TRUE(reported.empty());
}

TEST_P(LakeDaysInS3, ArePartlyVisibleAfterNoFailedWriteAndRepairedByTheNextRun)
{
    ASSERT_EQ(*close(friday), CloseResult::closed);
    std::size_t failures = 0;
    for (; failures < 10; ++failures) {
        failing.fail_after(failures);
        const auto summed = sum();
        failing.recover();
        expect_bestsellers();
        const auto list = *run(closed_days(engine.objects(), acme));
        EXPECT_EQ(list.months.contains(january), summed.has_value());
        if (summed)
            break;
        if (list.summing.contains(january))
            ASSERT_TRUE(run(release_month_lease(engine.objects(), acme, january, list.summing.at(january).by)));
    }
    EXPECT_EQ(failures, 3U); // the note in the list, the file, the list
}

std::vector<std::string> urls()
{
    std::vector<std::string> all;
    for (const auto& url : {s3_url(), moto_url()}) {
        if (url)
            all.push_back(*url);
    }
    return all;
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(LakeDaysInS3);
INSTANTIATE_TEST_SUITE_P(S3, LakeDaysInS3, testing::ValuesIn(urls()),
                         [](const auto& info) { return info.param == s3_url() ? "versitygw" : "moto"; });

} // namespace
} // namespace estante

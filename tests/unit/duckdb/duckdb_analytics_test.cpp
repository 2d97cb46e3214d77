#include "unit/duckdb/lake_test.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace estante {

using DuckDBAnalytics = LakeTest;

TEST_F(DuckDBAnalytics, EqualsTheReferenceInEveryReport)
{
    for (int i = 0; i < 2'500; ++i)
        sell_quickly(acme, random_purchase(day("2026-01-20"), 25));
    sell({"northwind"}, random_purchase(day("2026-01-25"), 1));
    const auto analytics = create_duckdb_analytics(*lake, options());
    expect_equal(*analytics, acme, {.first = day("2026-01-25"), .last = day("2026-02-03")});
    expect_equal(*analytics, acme, {.first = day("2026-01-20"), .last = day("2026-02-20")});
    expect_equal(*analytics, acme, {.first = day("2026-01-28"), .last = day("2026-01-28")});
    EXPECT_GT(run(analytics->totals(acme, {.first = day("2026-01-25"), .last = day("2026-02-03")}))->purchases, 100U);
    EXPECT_TRUE(reported.empty());
}

TEST_F(DuckDBAnalytics, IsEmptyForAShopWithoutSales)
{
    sell({"northwind"}, random_purchase(day("2026-01-25"), 1));
    const auto analytics = create_duckdb_analytics(*lake, options());
    expect_equal(*analytics, acme, {.first = day("2026-01-25"), .last = day("2026-01-26")});
}

TEST_F(DuckDBAnalytics, IncludesASaleImmediately)
{
    const Period period{.first = day("2026-01-25"), .last = day("2026-01-26")};
    const auto analytics = create_duckdb_analytics(*lake, options());
    for (int i = 0; i < 20; ++i) {
        sell(acme, random_purchase(day("2026-01-25"), 2));
        ASSERT_EQ(*run(analytics->totals(acme, period)), *run(reference.totals(acme, period)));
    }
}

TEST_F(DuckDBAnalytics, OmitsACancelledPurchaseAndARemovedObject)
{
    const Period period{.first = day("2026-01-25"), .last = day("2026-01-25")};
    auto purchase = random_purchase(day("2026-01-25"), 1);
    purchase.status = PurchaseStatus::placed;
    auto other = random_purchase(day("2026-01-25"), 1);
    other.status = PurchaseStatus::paid;
    sell(acme, purchase);
    sell(acme, other);
    const auto analytics = create_duckdb_analytics(*lake, options());
    EXPECT_EQ(run(analytics->totals(acme, period))->purchases, 2U);
    purchase.status = PurchaseStatus::cancelled;
    sell(acme, purchase);
    EXPECT_EQ(run(analytics->totals(acme, period))->purchases, 1U);
    ASSERT_TRUE(run(lake->remove(key_of(acme, other))));
    EXPECT_EQ(run(analytics->totals(acme, period))->purchases, 0U);
}

TEST_F(DuckDBAnalytics, LogsDamagedObjectsOnceAndSkipsThem)
{
    const Period period{.first = day("2026-01-25"), .last = day("2026-01-25")};
    auto purchase = random_purchase(day("2026-01-25"), 1);
    purchase.status = PurchaseStatus::placed;
    sell(acme, purchase);
    const auto whole = gzip(document_of(acme, purchase));
    const auto prefix = lake_layout::purchases_prefix(acme, day("2026-01-25"));
    put_object(prefix + "purchase_cut.json.gz", whole.substr(0, whole.size() / 2));
    put_object(prefix + "purchase_text.json.gz", gzip("{\"purchase_id\": "));
    put_object(prefix + "purchase_alien.json.gz", whole);
    const auto analytics = create_duckdb_analytics(*lake, options());
    EXPECT_EQ(*run(analytics->totals(acme, period)), *run(reference.totals(acme, period)));
    EXPECT_EQ(*run(analytics->totals(acme, period)), *run(reference.totals(acme, period)));
    ASSERT_EQ(reported.size(), 3U);
    EXPECT_NE(reported[0].find("purchase_alien.json.gz is damaged"), std::string::npos) << reported[0];
    EXPECT_NE(reported[1].find("purchase_cut.json.gz is damaged (it is not a complete gzip file"), std::string::npos)
        << reported[1];
}

TEST_F(DuckDBAnalytics, RejectsPeriodsThatAreReversedOrTooLong)
{
    const auto analytics = create_duckdb_analytics(*lake, options());
    const auto backwards = run(analytics->totals(acme, {.first = day("2026-01-26"), .last = day("2026-01-25")}));
    ASSERT_FALSE(backwards);
    EXPECT_EQ(backwards.error().code, Errc::invalid);
    const auto by_hour =
        run(analytics->series(acme, {.first = day("2016-01-01"), .last = day("2025-12-31")}, Granularity::hour));
    ASSERT_FALSE(by_hour);
    EXPECT_EQ(by_hour.error().code, Errc::invalid);
    EXPECT_TRUE(
        run(analytics->series(acme, {.first = day("2016-01-01"), .last = day("2025-12-31")}, Granularity::day)));
}

TEST_F(DuckDBAnalytics, InterruptsAReportAtItsDeadline)
{
    for (int i = 0; i < 50; ++i)
        sell(acme, random_purchase(day("2026-01-25"), 1));
    auto hurried = options();
    hurried.timeout = std::chrono::milliseconds(0);
    const auto analytics = create_duckdb_analytics(*lake, hurried);
    const auto result = run(analytics->totals(acme, {.first = day("2026-01-25"), .last = day("2026-01-25")}));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::unavailable);
    EXPECT_GT(result.error().retry_after_s, 0);
}

// All reports start before the loop can complete one, so exactly one exceeds the limit.
TEST_F(DuckDBAnalytics, RejectsAReportBeyondTheQueue)
{
    sell(acme, random_purchase(day("2026-01-25"), 1));
    const auto analytics = create_duckdb_analytics(*lake, options());
    const auto most = options().max_concurrent + options().max_queued;
    std::vector<Result<Sales>> answers;
    boost::asio::io_context loop(1);
    for (std::size_t i = 0; i < most + 1; ++i)
        boost::asio::co_spawn(
            loop,
            [&]() -> Task<void> {
                answers.push_back(
                    co_await analytics->totals(acme, {.first = day("2026-01-25"), .last = day("2026-01-25")}));
            },
            [](const std::exception_ptr& thrown) { EXPECT_FALSE(thrown); });
    loop.run();
    ASSERT_EQ(answers.size(), most + 1);
    EXPECT_EQ(std::ranges::count_if(answers, [](const auto& result) { return result.has_value(); }),
              static_cast<std::ptrdiff_t>(most));
    ASSERT_FALSE(answers.front()); // rejected immediately
    EXPECT_EQ(answers.front().error().code, Errc::unavailable);
    EXPECT_EQ(answers.front().error().retry_after_s, 2);
    EXPECT_TRUE(run(analytics->totals(acme, {.first = day("2026-01-25"), .last = day("2026-01-25")})));
}

} // namespace estante

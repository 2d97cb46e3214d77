#include "adapters/filesystem/filesystem_objects.hpp"
#include "adapters/memory/memory_item_store.hpp"
#include "processors/figures/daily_search_counts.hpp"
#include "records/lake_objects.hpp"
#include "records/summaries.hpp"
#include "support/interrupted_store.hpp"
#include "support/ports.hpp"
#include "support/run.hpp"
#include "support/temporary_folder.hpp"
#include "unit/processors/lost_response_store.hpp"

#include <gtest/gtest.h>

namespace estante {

namespace {

class DailySearchCounts : public testing::Test {
protected:
    static constexpr std::int64_t day_ms = 24LL * 3600 * 1000;

    ManualClock clock_;
    CountingIds ids_{clock_};
    std::unique_ptr<Store> memory_ = create_memory_store(clock_);
    InterruptedStore store_{memory_->items()};
    const Day day_{std::chrono::year(2026) / 1 / 31}; // of the clock
    TemporaryFolder folder_;
    std::unique_ptr<ObjectStore> lake_ = create_filesystem_objects(folder_ / "lake");
    std::unique_ptr<BusinessMetrics> summaries_ = create_daily_search_counts(AllItems(store_), *lake_, ids_);

    static BusinessCount searches(std::string tenant, std::uint64_t count, std::int64_t later_ms = 0)
    {
        return {{std::move(tenant)}, BusinessCounter::search_queries, ManualClock::start_ms + later_ms, count};
    }
    DaySummary summary(const std::string& tenant, Day day)
    {
        TenantItems items(TenantId{tenant}, memory_->items());
        return run(read_day_summary(items, day)).value();
    }
    PublishResult publish(std::vector<BusinessCount> counts) { return run(summaries_->publish(std::move(counts))); }
    // As a concurrent writer of the same summary does.
    void count_a_registration(const std::string& tenant)
    {
        TenantItems items(TenantId{tenant}, memory_->items());
        auto changed = run(read_day_summary(items, day_)).value();
        ++changed.new_user_registrations;
        run(items.put(summary_put(changed))).value();
    }
};

TEST_F(DailySearchCounts, AddsSearchesToTheDayOfEachTenant)
{
    count_a_registration("acme");
    const auto published =
        publish({searches("acme", 3), searches("acme", 4, 60'000), searches("acme", 5, day_ms), searches("other", 6)});
    EXPECT_EQ(published.reason, "");
    EXPECT_EQ(summary("acme", day_).search_queries, 7);
    EXPECT_EQ(summary("acme", day_).new_user_registrations, 1);
    EXPECT_EQ(summary("acme", day_ + std::chrono::days(1)).search_queries, 5);
    EXPECT_EQ(summary("other", day_).search_queries, 6);
    publish({searches("acme", 1)});
    EXPECT_EQ(summary("acme", day_).search_queries, 8);
}

TEST_F(DailySearchCounts, TakesSearchQueriesOnly)
{
    EXPECT_EQ(publish({{{"acme"}, BusinessCounter::book_purchases, ManualClock::start_ms, 2}}).reason, "");
    EXPECT_EQ(summary("acme", day_), DaySummary{.day = day_}) << "purchases are counted from the stream";
    EXPECT_TRUE(summaries_->accepts(BusinessCounter::search_queries));
    EXPECT_FALSE(summaries_->accepts(BusinessCounter::book_purchases));
    EXPECT_FALSE(summaries_->accepts(BusinessCounter::new_user_registrations));
}

TEST_F(DailySearchCounts, LosesNothingToAConcurrentWriter)
{
    store_.before_next_write([this] { count_a_registration("acme"); });
    const auto published = publish({searches("acme", 3)});
    EXPECT_TRUE(published.again.empty());
    EXPECT_EQ(published.reason, "") << "a conflict that was retried needs no warning";
    EXPECT_EQ(summary("acme", day_).search_queries, 3);
    EXPECT_EQ(summary("acme", day_).new_user_registrations, 1);
}

TEST_F(DailySearchCounts, ReturnsTheCountsWhenEveryWriteConflicts)
{
    store_.fail_after(0, StoreError::Code::conflict);
    EXPECT_EQ(publish({searches("acme", 3)}).again, std::vector{searches("acme", 3)});
    store_.fail_after(std::nullopt);
    EXPECT_EQ(summary("acme", day_).search_queries, 0);
}

TEST_F(DailySearchCounts, DropsCountsWhenItIsUnknownWhetherTheyWereWritten)
{
    store_.fail_after(0);
    const auto published = publish({searches("acme", 3)});
    EXPECT_EQ(published.dropped, std::vector{searches("acme", 3)});
    EXPECT_TRUE(published.again.empty());
}

TEST_F(DailySearchCounts, WritesTheSummaryObjectOfTheLake)
{
    publish({searches("acme", 3)});
    const auto object = run(lake_->get(lake::summary_key({"acme"}, day_))).value();
    ASSERT_TRUE(object);
    EXPECT_TRUE(object->bytes.contains(R"("search_queries":3)")) << object->bytes;
}

TEST_F(DailySearchCounts, CountsOnceWhenTheAnswerToTheWriteIsLost)
{
    LostResponseStore losing_response(memory_->items());
    const auto published =
        run(create_daily_search_counts(AllItems(losing_response), *lake_, ids_)->publish({searches("acme", 3)}));
    EXPECT_EQ(published.reason, "");
    EXPECT_EQ(summary("acme", day_).search_queries, 3);
}

} // namespace

} // namespace estante

#include "adapters/memory/buffered_counters.hpp"
#include "support/ports.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace estante {

namespace {

using Counts = std::vector<BusinessCount>;

class TalliedCountersTest : public testing::Test {
protected:
    ManualClock clock_;
    BufferedCounters counters_{clock_, 3};
    const TenantId acme_{"acme"};
    const TenantId northwind_{"northwind"};
    const std::int64_t minute_ms_ = ManualClock::start_ms; // a whole minute

    void search(const TenantId& tenant) { counters_.add(tenant, BusinessCounter::search_queries); }
    BusinessCount searches(const TenantId& tenant, std::int64_t minute_ms, std::uint64_t count)
    {
        return {tenant, BusinessCounter::search_queries, minute_ms, count};
    }
};

TEST_F(TalliedCountersTest, CountsByShopCounterAndMinute)
{
    clock_.advance(59'999);
    search(acme_);
    search(acme_);
    counters_.add(acme_, BusinessCounter::book_purchases);
    clock_.advance(1);
    search(acme_);
    EXPECT_EQ(counters_.take(), (Counts{{acme_, BusinessCounter::book_purchases, minute_ms_, 1},
                                        searches(acme_, minute_ms_, 2),
                                        searches(acme_, minute_ms_ + 60'000, 1)}));
    EXPECT_EQ(counters_.take(), Counts{}) << "what was taken waits no more";
}

TEST_F(TalliedCountersTest, CountsAPastEventInItsOwnMinute)
{
    clock_.advance(600'000);
    counters_.add_at(acme_, BusinessCounter::book_purchases, minute_ms_ + 59'999);
    counters_.add_at(acme_, BusinessCounter::book_purchases, minute_ms_);
    counters_.add(acme_, BusinessCounter::book_purchases);
    EXPECT_EQ(counters_.take(), (Counts{{acme_, BusinessCounter::book_purchases, minute_ms_, 2},
                                        {acme_, BusinessCounter::book_purchases, minute_ms_ + 600'000, 1}}));
}

TEST_F(TalliedCountersTest, ReturnedCountsAreAddedToNewOnes)
{
    search(acme_);
    search(acme_);
    const auto taken = counters_.take();
    search(acme_);
    counters_.add_back(taken);
    EXPECT_EQ(counters_.take(), (Counts{searches(acme_, minute_ms_, 3)}));
}

TEST_F(TalliedCountersTest, AreBoundedAndReportLostCounts)
{
    for (int minute = 0; minute < 4; ++minute) {
        search(acme_);
        clock_.advance(60'000);
    }
    clock_.set(minute_ms_);
    search(acme_);      // a count that is there already
    search(northwind_); // one too many
    EXPECT_EQ(counters_.lost(), 2U);
    const auto counts = counters_.take();
    ASSERT_EQ(counts.size(), 3U);
    EXPECT_EQ(counts[0], searches(acme_, minute_ms_, 2));
}

TEST_F(TalliedCountersTest, LoseNothingFromConcurrentThreads)
{
    std::uint64_t taken = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([this] {
                for (int n = 0; n < 10'000; ++n)
                    search(acme_);
            });
        for (int n = 0; n < 1'000; ++n) {
            for (const BusinessCount& one : counters_.take())
                taken += one.count;
        }
    }
    for (const BusinessCount& one : counters_.take())
        taken += one.count;
    EXPECT_EQ(taken, 40'000U);
}

} // namespace

} // namespace estante

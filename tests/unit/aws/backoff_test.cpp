#include "adapters/aws/backoff.hpp"
#include "support/ports.hpp"
#include "support/run.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace estante::aws {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr Backoff backoff{.base = milliseconds(10), .cap = milliseconds(50)};

std::vector<microseconds> delays(int attempt)
{
    SeededRandom random;
    std::vector<microseconds> all;
    for (int i = 0; i < 1'000; ++i)
        all.push_back(backoff_delay(backoff, attempt, random));
    return all;
}

TEST(Backoff, SpreadsDelaysFromZeroToTheDoubledBase)
{
    for (const auto& [attempt, limit] :
         {std::pair(1, milliseconds(10)), {2, milliseconds(20)}, {3, milliseconds(40)}}) {
        const auto [shortest, longest] = std::ranges::minmax(delays(attempt));
        EXPECT_GE(shortest, microseconds(0));
        EXPECT_LT(shortest, limit / 10) << attempt;
        EXPECT_GT(longest, limit * 9 / 10) << attempt;
        EXPECT_LE(longest, limit) << attempt;
    }
}

TEST(Backoff, NeverExceedsTheCap)
{
    for (const int attempt : {4, 21, 1'000'000})
        EXPECT_LE(std::ranges::max(delays(attempt)), backoff.cap) << attempt;
    EXPECT_GT(std::ranges::max(delays(1'000'000)), backoff.cap * 9 / 10);
}

TEST(Backoff, SuspendsItsCallerForTheDelay)
{
    SeededRandom random;
    SeededRandom same;
    const auto delay = backoff_delay(backoff, 3, same);
    const auto begin = std::chrono::steady_clock::now();
    run(back_off(backoff, 3, random));
    EXPECT_GE(std::chrono::steady_clock::now() - begin, delay);
}

} // namespace

} // namespace estante::aws

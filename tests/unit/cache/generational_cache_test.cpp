#include "cache/generational_cache.hpp"

#include <gtest/gtest.h>

#include <string>

namespace estante {
namespace {

TEST(GenerationalCache, KeepsUsedEntriesAndEvictsTheRest)
{
    GenerationalCache<int> cache(4);
    for (int i = 0; i < 100; ++i) {
        cache.put("used", 1);
        cache.put(std::to_string(i), i);
    }
    EXPECT_NE(cache.find("used"), nullptr);
    EXPECT_NE(cache.find("99"), nullptr);
    EXPECT_EQ(cache.find("0"), nullptr);
}

TEST(GenerationalCache, HoldsAtMostTwiceItsCapacity)
{
    GenerationalCache<int> cache(10);
    int found = 0;
    for (int i = 0; i < 1000; ++i)
        cache.put(std::to_string(i), i, 3);
    for (int i = 0; i < 1000; ++i)
        found += cache.find(std::to_string(i)) ? 1 : 0;
    EXPECT_GT(found, 0);
    EXPECT_LE(found, 6);
}

TEST(GenerationalCache, ReplacesAndErases)
{
    GenerationalCache<int> cache(4);
    cache.put("a", 1);
    cache.put("a", 2);
    EXPECT_EQ(*cache.find("a"), 2);
    cache.erase("a");
    EXPECT_EQ(cache.find("a"), nullptr);
}

} // namespace
} // namespace estante
